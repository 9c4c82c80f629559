using DataPlane.Destination;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Destination;

public sealed class RefusalLogTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Ten_thousand_at_once_are_counted_and_write_twenty_lines_and_their_sum()
    {
        var log = new RefusalLog(_time, _lines.Add);
        var asked = 0;
        for (var i = 0; i < 10_000; i++) log.Add(RefusalKind.Garbage, () => $"peer {asked++}", "No words.");
        Assert.Equal((20, 20), (_lines.Count, asked));
        Assert.Equal("refused a connection from peer 0: No words.", _lines[0]);
        log.Close();
        Assert.Equal("refused 9980 other connections since the line before", _lines[20]);
        Assert.Equal((10_000, 10_000), (log.Report().Total, log.Report().Garbage));
    }

    [Fact]
    public void A_flood_that_goes_on_writes_a_line_a_second_which_says_how_many_it_stands_for()
    {
        var log = new RefusalLog(_time, _lines.Add);
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 100; i++) log.Add(RefusalKind.Silent, () => "x", "Nothing.");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(20 + 59, _lines.Count);
        Assert.EndsWith("(99 others were refused since the line before)", _lines[^1], StringComparison.Ordinal);
        log.Close();
        log.Close(); // What has been said is not said again.
        Assert.Equal(20 + 60, _lines.Count);
    }

    [Fact]
    public void Each_kind_is_counted_in_its_own_place()
    {
        var log = new RefusalLog(_time, _ => { });
        foreach (var kind in Enum.GetValues<RefusalKind>())
            for (var i = 0; i <= (int)kind; i++)
                log.Add(kind, () => "x", "why");
        var report = log.Report();
        Assert.Equal(
            [1, 2, 3, 4, 5, 6, 7, 8],
            [report.Silent, report.Garbage, report.BadMac, report.Replayed, report.OutOfRange, report.OtherSession, report.Busy, report.Unfit]);
        Assert.Equal(36, report.Total);
    }
}
