using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Traces;
using DataPlane.Guests.Recording;
using DataPlane.Linux.Userfault;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests.Recording;

/// <summary>What each way of finding written pages tells a recorder.</summary>
public sealed unsafe class WrittenPagesTests : IDisposable
{
    private const int Count = 700;

    private readonly NativePages _pages = new(Count);
    private readonly GuestMemory _memory;

    public WrittenPagesTests() => _memory = new GuestMemory(
        [new RamBlockInfo("a", (nint)_pages.Address, 600L << 12, 0), new RamBlockInfo("b", (nint)_pages.Page(600), 100L << 12, 600UL << 12)]);

    public void Dispose() => _pages.Dispose();

    [Fact]
    public void Marks_AreCountedOverAllBlocks()
    {
        using var marks = new ExplicitDirtySource(_memory);
        marks.Mark(_memory.Blocks[0], 0, 4096);
        using var tracked = new TrackedPages(marks, _memory);
        tracked.Start();
        marks.Mark(_memory.Blocks[0], 511L << 12, 2 << 12);
        marks.Mark(_memory.Blocks[0], 599L << 12, 4096);
        marks.Mark(_memory.Blocks[1], 0, 1);
        Assert.Equal([new PageRun(511, 2), new PageRun(599, 2)], tracked.Take());
        Assert.Empty(tracked.Take());
        Assert.Equal((long)Count << 12, tracked.MemoryBytes);
    }

    [SkippableFact]
    public void Userfaultfd_TellsAPageInEachStepInWhichItIsWritten()
    {
        Skip.IfNot(UserfaultDirtySource.Works(_memory, out var missing), missing);
        using var tracked = new TrackedPages(new UserfaultDirtySource(_memory), _memory);
        tracked.Start();
        for (var step = 0; step < 3; step++)
        {
            _pages.Page(7)[0]++;
            _pages.Page(650)[0] = _pages.Page(650)[0]; // What was there: written all the same.
            Assert.Equal([new PageRun(7, 1), new PageRun(650, 1)], tracked.Take());
        }
    }

    [Fact]
    public void AProcess_IsComparedWithWhatItHeldBefore()
    {
        using var process = new ProcessPages(Environment.ProcessId, new ProcessMapping((ulong)_pages.Address, (ulong)_pages.Address + (Count << 12), "here"));
        process.Start();
        Assert.Empty(process.Take());
        _pages.Page(7)[4095]++;
        _pages.Page(699)[0]++;
        _pages.Page(300)[0] = _pages.Page(300)[0]; // Not seen, and said so.
        Assert.Equal([new PageRun(7, 1), new PageRun(699, 1)], process.Take());
        _pages.Page(7)[4095]--;
        Assert.Equal([new PageRun(7, 1)], process.Take());
    }

    [Fact]
    public void AProcessThatDoesNotMapIt_IsAFault()
    {
        using var process = new ProcessPages(Environment.ProcessId, new ProcessMapping(4096, 8192, "nothing"));
        Assert.Throws<IOException>(process.Start);
    }

    [Fact]
    public void WritableMappings_AreFoundByWhatTheKernelSays()
    {
        var here = ProcessMapping.Of(Environment.ProcessId).Single(mapping => mapping.Start <= (ulong)_pages.Address && (ulong)_pages.Address < mapping.End);
        Assert.True(here.Length > 0);
        Assert.Throws<DirectoryNotFoundException>(() => ProcessMapping.Of(int.MaxValue));
    }
}
