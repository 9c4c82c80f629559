using DataPlane.Control.Bandwidth;
using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Core.Memory;
using DataPlane.Tests.Control.Forecast;
using Xunit;

namespace DataPlane.Tests.Control.Convergence;

/// <summary>Passes of a guest of 10 MiB/s over a link of 1 GB/s, for a blackout of 100 ms: some 24,400 pages.</summary>
public sealed class PrecopyJudgeTests
{
    private static readonly CountedRate Link = new(1e9, "measured");
    private static readonly PrecopyAims Aims = new(TimeSpan.FromMilliseconds(100), null, TimeSpan.FromSeconds(10), ForceOnTimeout: false, StallPolicy.Wait);

    private readonly PrecopyJudge _judge;

    public PrecopyJudgeTests()
    {
        var guest = new DirtyModel();
        guest.Add(10 << 20, TimeSpan.FromSeconds(1));
        _judge = new PrecopyJudge(guest);
    }

    [Fact]
    public void What_did_not_fit_says_nothing_of_the_pass_that_makes_it_less()
    {
        Assert.False(EndWith(30_000).FitsAlready);
        Assert.True(EndWith(24_000) is { Verdict: PrecopyVerdict.Continue, FitsAlready: true });
    }

    [Fact]
    public void A_pass_that_left_no_less_is_not_followed_by_another()
    {
        Assert.True(EndWith(20_000).FitsAlready);
        Assert.Equal(PrecopyVerdict.Switch, EndWith(13_000).Verdict);
    }

    [Fact]
    public void Passes_go_on_as_long_as_each_leaves_much_less()
    {
        foreach (var pages in new[] { 20_000, 11_000, 6_000, 3_000, 1_000, 500 }) Assert.True(EndWith(pages).FitsAlready, $"{pages}");
        Assert.Equal(PrecopyVerdict.Switch, EndWith(200).Verdict); // Less than a millisecond.
    }

    private PrecopyDecision EndWith(long pages) => _judge.Decide(
        new PrecopyEnd
        {
            RemainingBytes = pages * PageGeometry.PageSize,
            MemoryBytes = 1L << 30,
            Forecast = BlackoutForecast.Of(Inputs.FreeOfAllButMemory with { DirtyPages = pages, DirtyStripes = 85, WireBytesPerPage = PageGeometry.PageSize }),
            Rate = Link,
            MeasuredBytesPerSecond = Link.BytesPerSecond,
            WireBytesPerByte = 1,
            Elapsed = TimeSpan.FromSeconds(1),
        },
        Aims);
}
