using DataPlane.Core.Dirty;
using DataPlane.Core.Wire.Frames;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport;

public sealed class UnacknowledgedRingTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public void What_is_not_acknowledged_is_marked_again_and_nothing_else()
    {
        var memory = AddressOnlyMemory.OfPages(1, 600, 3 * 512);
        for (var seed = 1; seed <= TestSet.Times(3); seed++)
        {
            var random = new Random(seed);
            var ring = new UnacknowledgedRing();
            var frames = new List<(long[] Pages, int Bytes)>();
            var acknowledged = 0;
            for (var step = 0; step < (2 * UnacknowledgedRing.Capacity) + 99; step++)
            {
                if (frames.Count - acknowledged < UnacknowledgedRing.Capacity) frames.Add(Add(ring, random));
                if (random.Next(4000) != 0 && frames.Count - acknowledged < UnacknowledgedRing.Capacity) continue;
                acknowledged = random.Next(acknowledged, frames.Count + 1);
                Assert.True(ring.Acknowledge((ulong)acknowledged));
            }
            using var bitmap = new DirtyBitmap(memory);
            ring.PutBack(bitmap);
            if (seed == 1) Assert.True(frames.Count > UnacknowledgedRing.Capacity);
            var expected = frames.Skip(acknowledged).SelectMany(frame => frame.Pages).ToHashSet();
            Assert.Equal(expected.Count, bitmap.Count());
            Assert.True(expected.All(bit => IsSet(bitmap, bit)));
            Assert.Equal(((ulong)frames.Count, (ulong)acknowledged), (ring.Added, ring.Acknowledged));
            Assert.Equal(frames.Take(acknowledged).Sum(frame => (long)frame.Bytes), ring.AcknowledgedBytes);
        }
    }

    [Fact]
    public void An_acknowledgement_of_what_was_not_sent_is_refused()
    {
        var ring = new UnacknowledgedRing();
        Assert.True(ring.Acknowledge(0));
        Assert.False(ring.Acknowledge(1));
        Assert.True(ring.TryAddOther(100));
        Assert.False(ring.Acknowledge(2));
        Assert.False(ring.Acknowledge(ulong.MaxValue));
        Assert.Equal(0ul, ring.Acknowledged);
        Assert.True(ring.Acknowledge(1));
        Assert.Equal(100, ring.AcknowledgedBytes);
    }

    [Fact]
    public void An_older_acknowledgement_says_nothing_new()
    {
        var ring = new UnacknowledgedRing();
        for (var i = 0; i < 3; i++) Assert.True(ring.TryAddOther(10));
        Assert.True(ring.Acknowledge(3));
        Assert.True(ring.Acknowledge(1));
        Assert.Equal((3ul, 30L), (ring.Acknowledged, ring.AcknowledgedBytes));
    }

    [Fact]
    public async Task A_full_ring_waits_for_an_acknowledgement()
    {
        var ring = Full();
        var adding = AddOnThread(ring, out var thread);
        Assert.True(Waits(thread));
        Assert.Equal((ulong)UnacknowledgedRing.Capacity, ring.Added);
        Assert.True(ring.Acknowledge(1));
        Assert.True(await adding.WaitAsync(Soon));
        Assert.Equal(UnacknowledgedRing.Capacity + 1ul, ring.Added);
    }

    [Fact]
    public async Task An_abort_lets_go_who_waits_and_refuses_all_that_follows()
    {
        var ring = Full();
        var adding = AddOnThread(ring, out var thread);
        Assert.True(Waits(thread));
        ring.Abort();
        Assert.False(await adding.WaitAsync(Soon));
        Assert.True(ring.Acknowledge(5)); // Room, and yet:
        Assert.False(ring.TryAddOther(1));
        Assert.Equal((ulong)UnacknowledgedRing.Capacity, ring.Added);
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        var ring = new UnacknowledgedRing();
        StripeWords pages = default;
        _ = ring.TryAdd(0, pages, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ = ring.TryAdd(0, pages, 1);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (long[] Pages, int Bytes) Add(UnacknowledgedRing ring, Random random)
    {
        var bytes = random.Next(1, 1000);
        switch (random.Next(3))
        {
            case 0:
                Assert.True(ring.TryAddOther(bytes));
                return ([], bytes);
            case 1:
                // Stripes 3 to 5 are the last block; 0 and 2 hold 1 and 88 pages.
                (int First, int Count) run = random.Next(3) switch { 0 => (3, 3), 1 => (0, 1), _ => (1, 2) };
                Assert.True(ring.TryAddRun(run.First, run.Count, bytes));
                return ([.. Enumerable.Range(0, run.Count).SelectMany(i => Whole(run.First + i))], bytes);
            default:
                StripeWords words = default;
                var page = random.Next(512);
                words[page / 64] |= 1ul << (page % 64);
                Assert.True(ring.TryAdd(4, words, bytes));
                return ([(4L * 512) + page], bytes);
        }
    }

    private static IEnumerable<long> Whole(int stripe) =>
        Enumerable.Range(0, stripe switch { 0 => 1, 2 => 88, _ => 512 }).Select(page => (stripe * 512L) + page);

    private static bool IsSet(DirtyBitmap bitmap, long bit)
    {
        var block = bitmap.Memory.BlockOfStripe((int)(bit / 512));
        return bitmap.IsSet(block, bit - block.FirstPage);
    }

    private static UnacknowledgedRing Full()
    {
        var ring = new UnacknowledgedRing();
        for (var i = 0; i < UnacknowledgedRing.Capacity; i++) Assert.True(ring.TryAddOther(1));
        return ring;
    }

    private static Task<bool> AddOnThread(UnacknowledgedRing ring, out Thread thread)
    {
        var added = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        thread = new Thread(() => added.SetResult(ring.TryAddOther(1))) { IsBackground = true };
        thread.Start();
        return added.Task;
    }

    private static bool Waits(Thread thread) =>
        SpinWait.SpinUntil(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, Soon);
}
