using DataPlane.Cli.Output.Live;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Cli.Output;

public sealed class ProgressHistoryTests
{
    [Fact]
    public void Rate_is_that_of_the_last_second()
    {
        var history = new ProgressHistory();
        history.Add(At(0, 0));
        Assert.Null(history.BytesPerSecond);
        for (var tenth = 1; tenth <= 30; tenth++) history.Add(At(tenth / 10.0, tenth <= 20 ? 0 : (tenth - 20) * 1000));
        Assert.Equal(10_000, history.BytesPerSecond!.Value, 1200.0);
    }

    [Fact]
    public void Looks_that_are_too_close_tell_no_rate()
    {
        var history = new ProgressHistory();
        history.Add(At(1, 0));
        history.Add(At(1.01, 1 << 30));
        Assert.Null(history.BytesPerSecond);
    }

    [Fact]
    public void Another_attempt_begins_anew()
    {
        var history = new ProgressHistory();
        for (var tenth = 0; tenth < 30; tenth++) history.Add(At(tenth / 10.0, tenth * 1000));
        Assert.NotEmpty(history.Rates);
        history.Add(At(0.1, 5) with { Attempt = 2 });
        Assert.Empty(history.Rates);
        Assert.Null(history.BytesPerSecond);
    }

    [Fact]
    public void Channel_that_has_not_told_yet_what_it_did_is_not_said_to_work()
    {
        var history = new ProgressHistory();
        history.Add(At(0, 0) with { Channels = [new(0, 0, 100, 50, 10)] });
        history.Add(At(1, 0) with { Channels = [new(0, 0, 150, 60, 10)] });
        var pace = Assert.Single(history.Channels);
        Assert.Equal((null, null), (pace.InSocket, pace.Idle));
        history.Add(At(1.5, 0) with { Channels = [new(0, 0, 1300, 910, 310)] });
        pace = Assert.Single(history.Channels);
        Assert.Equal(850 / 1450.0, pace.InSocket!.Value, 6);
        Assert.Equal(300 / 1450.0, pace.Idle!.Value, 6);
    }

    [Theory]
    [InlineData(new double[] { }, "")]
    [InlineData(new double[] { 5 }, "")]
    [InlineData(new double[] { 0, 0 }, "  ")]
    [InlineData(new double[] { 0, 1, 50, 100 }, " .=@")]
    [InlineData(new double[] { 9, 9, 0, 1, 50, 100 }, " .=@")]
    public void Sparkline_shows_the_last_values_and_everything_that_is_more_than_nothing(double[] values, string expected)
    {
        Assert.Equal(expected, Sparkline.Of(values, 4, unicode: false));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void Series_covers_all_of_the_time_in_its_room(int seconds)
    {
        var series = new ThinnedSeries(8, TimeSpan.FromSeconds(1));
        for (var at = 0; at <= seconds; at++) series.Add(TimeSpan.FromSeconds(at), at);
        Assert.InRange(series.Points.Count, 4, 8);
        Assert.Equal(series.Points.Order(), series.Points);
        Assert.InRange(series.Points[^1], seconds * 0.7, seconds);
        Assert.InRange(series.Points[0], 0, seconds / 4.0);
    }

    private static MigrationProgress At(double seconds, long sent) => new()
    {
        Status = MigrationStatus.Active, Pass = 1, Elapsed = TimeSpan.FromSeconds(seconds), TotalBytes = 1 << 30, TransferredBytes = sent,
    };
}
