using DataPlane.Core.Traces;
using Xunit;

namespace DataPlane.Tests.Core.Traces;

public sealed class TraceFiguresTests
{
    // Four steps of half a second: pages 0 to 9, the same and one more, page 600 three times.
    private static readonly DirtyTrace Trace = new(
        4L << 20,
        [
            new DirtyTraceStep(TimeSpan.FromSeconds(0.5), [new PageRun(0, 10)]),
            new DirtyTraceStep(TimeSpan.FromSeconds(1), [new PageRun(0, 10), new PageRun(600, 1)]),
            new DirtyTraceStep(TimeSpan.FromSeconds(1.5), [new PageRun(510, 4)]),
            new DirtyTraceStep(TimeSpan.FromSeconds(2), [new PageRun(600, 1)]),
        ],
        "");

    [Fact]
    public void ARate_CountsAPageOnceForEachStep() => Assert.Equal(13, TraceFigures.PagesPerSecond(Trace));

    [Fact]
    public void AWorkingSet_CountsAPageOnceForEachWindow()
    {
        Assert.Equal((8, 11L), TraceFigures.WorkingSet(Trace, TimeSpan.FromSeconds(1)));
        Assert.Equal((15, 15L), TraceFigures.WorkingSet(Trace, TimeSpan.FromSeconds(10)));
        Assert.Equal(15, TraceFigures.DistinctPages(Trace));
    }

    [Fact]
    public void TheHottest_AreStretchesOf2MiB_NeighboursJoined()
    {
        var apart = new DirtyTrace(4L << 20, [new DirtyTraceStep(TimeSpan.FromSeconds(1), [new PageRun(510, 4), new PageRun(1023, 1)])], "");
        Assert.Equal([(new PageRun(0, 512), 22L)], TraceFigures.Hottest(Trace, 1).AsEnumerable());
        Assert.Equal([(new PageRun(0, 1024), 5L)], TraceFigures.Hottest(apart, 5).AsEnumerable());
        Assert.Empty(TraceFigures.Hottest(new DirtyTrace(4096, [], ""), 5));
    }

    [Fact]
    public void AnEmptyTrace_AmountsToNothing()
    {
        var empty = new DirtyTrace(4096, [], "");
        Assert.Equal((0, 0, (0.0, 0L)), (TraceFigures.PagesPerSecond(empty), TraceFigures.DistinctPages(empty), TraceFigures.WorkingSet(empty, TimeSpan.FromSeconds(1))));
    }
}
