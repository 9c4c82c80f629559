using DataPlane.Control.Bandwidth;
using DataPlane.Control.Forecast;

namespace DataPlane.Tests.Control.Forecast;

/// <summary>What forecasts are made from in tests.</summary>
internal static class Inputs
{
    /// <summary>Costs of nothing, learned.</summary>
    public static SwitchoverCosts NoCosts()
    {
        var costs = new SwitchoverCosts();
        foreach (var step in new[]
                 {
                     costs.Stop, costs.Reads, costs.Orders, costs.Landing, costs.Loading, costs.Prepared, costs.Give, costs.Commit, costs.Take, costs.Resume,
                 })
            step.Add(TimeSpan.Zero);
        return costs;
    }

    /// <summary>1 GB/s measured; all that is not memory takes no time, and no memory is left.</summary>
    public static ForecastInput FreeOfAllButMemory => new()
    {
        DirtyPages = 0,
        DirtyStripes = 0,
        WireBytesPerPage = 4096,
        StateBytes = 0,
        Rate = new CountedRate(1e9, "measured"),
        Channels = 2,
        Sync = Estimate.Zero,
        RoundTrip = Estimate.Zero,
        Save = Estimate.Zero,
        Load = Estimate.Zero,
        Costs = NoCosts(),
    };

    /// <summary>Something of everything.</summary>
    public static ForecastInput Typical => FreeOfAllButMemory with
    {
        DirtyPages = 2000,
        DirtyStripes = 40,
        StateBytes = 1 << 20,
        Sync = Estimate.Microseconds(100, 20),
        RoundTrip = Estimate.Microseconds(1000, 200),
        FastestRoundTrip = TimeSpan.FromMicroseconds(900),
        Save = Estimate.Microseconds(3000, 300),
        Load = Estimate.Microseconds(4000, 400),
        Costs = new SwitchoverCosts(),
    };
}
