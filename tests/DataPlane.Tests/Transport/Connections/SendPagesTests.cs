using System.Globalization;
using DataPlane.Core.Memory;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Transport.Connections;

/// <summary>Pages that go without a copy on the sender's side, on every kind of connection.</summary>
public sealed class SendPagesTests
{
    private const int Page = PageGeometry.PageSize;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static TheoryData<ConnectionKind> Kinds => [.. Enum.GetValues<ConnectionKind>()];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Pages_arrive_in_order_behind_what_was_sent_before_and_before_what_is_sent_after(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        // Runs of 1, 2, 3, ... pages with a gap of one: more than a pipe holds, and more pieces than a call takes.
        using var pages = Random(4096);
        (int First, int Count)[] runs = [.. Runs(pages.Bytes / Page)];
        var header = new byte[] { 1, 2, 3 };
        var expected = new List<byte>();
        for (var round = 0; round < 2; round++)
        {
            expected.AddRange(header);
            foreach (var (first, count) in runs) expected.AddRange(pages.Span.Slice(first * Page, count * Page));
        }
        expected.AddRange(header);
        var sending = Task.Run(() =>
        {
            for (var round = 0; round < 2; round++)
            {
                Send(one, header, more: true);
                SendRuns(one, pages, runs);
            }
            Send(one, header, more: false);
        });
        Assert.True(expected.ToArray().AsSpan().SequenceEqual(Receive(other, expected.Count)));
        await sending.WaitAsync(Soon);
        one.Dispose();
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Abort_ends_a_send_of_pages_that_waits(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        using var pages = Random(8192);
        var sending = Task.Run(() =>
        {
            // Nobody reads: whatever the kernel holds, it is full some time.
            while (true) SendRuns(one, pages, [(0, pages.Bytes / Page)]);
        });
        _ = Receive(other, 1);
        one.Abort();
        var fault = await Assert.ThrowsAsync<LinuxException>(() => sending.WaitAsync(Soon));
        Assert.Equal("sendmsg", fault.Call);
        one.Dispose();
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_peer_that_is_gone_is_an_error_and_no_signal(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        using var pages = Random(64);
        other.Dispose();
        var fault = await Assert.ThrowsAsync<LinuxException>(() => Task.Run(() =>
        {
            while (true) SendRuns(one, pages, [(0, 64)]);
        }).WaitAsync(Soon));
        Assert.Equal("sendmsg", fault.Call);
        one.Dispose();
    }

    /// <summary>The kernel's own page of clocks is mapped into every process, can be read, and can not be referred to.</summary>
    [Fact]
    public async Task Memory_that_can_not_be_referred_to_is_copied()
    {
        var (one, other) = ConnectionKinds.Connect(ConnectionKind.Tcp4);
        using var pages = Random(2);
        var clocks = Clocks();
        var before = pages.Span[..Page].ToArray();
        var after = pages.Span[Page..].ToArray();
        var sending = Task.Run(() =>
        {
            SendAround(one, pages, clocks);
            SendRuns(one, pages, [(0, 1)]);
        });
        var received = Receive(other, 4 * Page);
        await sending.WaitAsync(Soon);
        Assert.Equal(before, received[..Page]);
        Assert.Equal(after, received[(2 * Page)..(3 * Page)]);
        Assert.Equal(before, received[(3 * Page)..]);
        one.Dispose();
        other.Dispose();
    }

    /// <summary>Which is how a page that was lent is told from one that was copied.</summary>
    [Fact]
    public void What_is_written_before_the_peer_reads_may_be_what_it_gets()
    {
        var (one, other) = ConnectionKinds.Connect(ConnectionKind.Tcp4);
        using var pages = Random(4);
        SendRuns(one, pages, [(0, 4)]);
        pages.Span.Fill(0x77);
        Assert.All(Receive(other, 4 * Page), each => Assert.Equal(0x77, each));
        one.Dispose();
        other.Dispose();
    }

    private static IEnumerable<(int First, int Count)> Runs(int pages)
    {
        for (int first = 0, length = 1; first + length <= pages; first += length + 1, length = (length % 5) + 1) yield return (first, length);
    }

    private static NativePages Random(int count)
    {
        var pages = new NativePages(count);
        new Random(count).NextBytes(pages.Span);
        return pages;
    }

    private static nint Clocks()
    {
        var line = File.ReadLines("/proc/self/maps").First(each => each.EndsWith("[vvar]", StringComparison.Ordinal));
        return nint.Parse(line[..line.IndexOf('-', StringComparison.Ordinal)], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static unsafe void Send(IDataConnection to, byte[] bytes, bool more)
    {
        fixed (byte* start = bytes)
        {
            var vector = new IoVector { Base = start, Length = (nuint)bytes.Length };
            to.Send(&vector, 1, more);
        }
    }

    private static unsafe void SendRuns(IDataConnection to, NativePages pages, (int First, int Count)[] runs)
    {
        var pieces = new IoVector[runs.Length];
        for (var i = 0; i < runs.Length; i++) pieces[i] = new IoVector { Base = pages.Page(runs[i].First), Length = (nuint)(runs[i].Count * Page) };
        fixed (IoVector* vectors = pieces) to.SendPages(vectors, runs.Length);
    }

    private static unsafe void SendAround(IDataConnection to, NativePages pages, nint middle)
    {
        var vectors = stackalloc IoVector[3];
        vectors[0] = new IoVector { Base = pages.Page(0), Length = Page };
        vectors[1] = new IoVector { Base = (byte*)middle, Length = Page };
        vectors[2] = new IoVector { Base = pages.Page(1), Length = Page };
        to.SendPages(vectors, 3);
    }

    private static unsafe byte[] Receive(IDataConnection from, int count)
    {
        var bytes = new byte[count];
        fixed (byte* start = bytes)
        {
            for (var filled = 0; filled < count;)
            {
                var vector = new IoVector { Base = start + filled, Length = (nuint)(count - filled) };
                var received = (int)from.Receive(&vector, 1);
                if (received == 0) return bytes[..filled];
                filled += received;
            }
        }
        return bytes;
    }
}
