using DataPlane.Core.Memory;
using DataPlane.Linux;
using DataPlane.Linux.Memory;
using Xunit;

namespace DataPlane.Tests.Linux.Memory;

public sealed unsafe class MemoryPopulatorTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void All_pages_become_present_and_contents_stay(int threads)
    {
        using var memory = AllocatedMemory.Create("populate", 50 * Mebibyte);
        var words = (long*)memory.Address;
        words[0] = 1;
        words[(33 * Mebibyte) / 8] = 2;
        var reports = new List<long>();
        MemoryPopulator.Populate(memory.Address, memory.Length, threads, reports.Add);
        Assert.Equal(memory.Length, AllocatedBytes(memory));
        Assert.Equal((1L, 2L, 0L), (words[0], words[(33 * Mebibyte) / 8], words[1]));
        Assert.Equal(memory.Length, reports[^1]);
        Assert.Equal(reports.Order(), reports);
    }

    [Fact]
    public void Only_the_pages_asked_for_become_present()
    {
        using var memory = AllocatedMemory.Create("part", 50 * Mebibyte);
        MemoryPopulator.Populate(memory.Address + (5 * 4096), 3 * 4096, 2);
        MemoryPopulator.Populate(memory.Address, 0, 2);
        Assert.Equal(3 * 4096, AllocatedBytes(memory));
    }

    [Fact]
    public void Touching_makes_pages_present_and_undoes_no_write_made_beside_it()
    {
        using var memory = AllocatedMemory.Create("touch", 8 * Mebibyte);
        var ended = 0;
        var counter = (int*)memory.Address;
        var writer = new Thread(() =>
        {
            for (var i = 0; i < 1_000_000; i++) Interlocked.Increment(ref *counter);
            Volatile.Write(ref ended, 1);
        });
        writer.Start();
        do MemoryPopulator.Touch((byte*)memory.Address, memory.Length);
        while (Volatile.Read(ref ended) == 0);
        writer.Join();
        Assert.Equal(1_000_000, *counter);
        Assert.Equal(memory.Length, AllocatedBytes(memory));
    }

    [Fact]
    public void A_cancelled_run_stops_between_pieces()
    {
        using var memory = AllocatedMemory.Create("cancel", 96 * Mebibyte);
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            MemoryPopulator.Populate(memory.Address, memory.Length, 2, _ => cancel.Cancel(), cancel.Token));
        Assert.InRange(AllocatedBytes(memory), 1, memory.Length - (16 * Mebibyte));
    }

    [Fact]
    public void What_the_callback_throws_comes_out()
    {
        using var memory = AllocatedMemory.Create("throws", 64 * Mebibyte);
        Assert.Throws<InvalidOperationException>(() =>
            MemoryPopulator.Populate(memory.Address, memory.Length, 2, _ => throw new InvalidOperationException()));
    }

    [Fact]
    public void Memory_that_is_not_there_is_an_error_in_words()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var memory = AllocatedMemory.OpenFile(path, 4 * Mebibyte);
            using (var file = File.OpenWrite(path)) file.SetLength(Mebibyte); // The mapping now reaches past the file's end.
            var fault = Assert.Throws<LinuxException>(() => MemoryPopulator.Populate(memory.Address, memory.Length, 1));
            Assert.Contains("got no more pages", fault.Message, StringComparison.Ordinal);
            Assert.Contains("MADV_POPULATE_WRITE", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(0, 4096)]
    [InlineData(4096, 1)]
    [InlineData(4096, -4096)]
    public void A_range_that_is_no_pages_is_refused(int address, long length) =>
        Assert.Throws<ArgumentException>(() => MemoryPopulator.Populate(address, length, 1));

    [Fact]
    public void Nobody_cannot_work()
    {
        using var memory = AllocatedMemory.Create("nobody", 4096);
        Assert.Throws<ArgumentOutOfRangeException>(() => MemoryPopulator.Populate(memory.Address, memory.Length, 0));
    }

    private static long AllocatedBytes(AllocatedMemory memory)
    {
        Assert.True(FileFacts.TryRead(memory.Fd, out var facts));
        return (long)facts.Blocks * 512;
    }
}
