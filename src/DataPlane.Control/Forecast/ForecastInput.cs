using DataPlane.Control.Bandwidth;
using DataPlane.Core.Memory;

namespace DataPlane.Control.Forecast;

/// <summary>Everything a forecast looks at, as it is now. What is not required is what the passes teach (<see cref="PassLessons"/>).</summary>
internal readonly record struct ForecastInput
{
    /// <summary>Nothing yet.</summary>
    public ForecastInput()
    {
    }

    /// <summary>Pages marked, and those that the guest is taken to have dirtied since the sources were read.</summary>
    public double DirtyPages { get; init; }

    /// <summary>Stripes that have any of them.</summary>
    public double DirtyStripes { get; init; }

    /// <summary>Most pages of a stripe that one frame carries: encoded pages are framed by fewer than a stripe has.</summary>
    public int PagesPerFrame { get; init; } = PageGeometry.PagesPerStripe;

    /// <summary>Bytes on the wire for a page: less than a page with compression or zeros, a little more without.</summary>
    public double WireBytesPerPage { get; init; }

    /// <summary>Bytes of device state, as the host declares.</summary>
    public required long StateBytes { get; init; }

    /// <summary>What the link carries.</summary>
    public required CountedRate Rate { get; init; }

    /// <summary>Whether that is known to be the most it carries; else something else was the limit, and what goes past that may go faster.</summary>
    public bool RateIsLinks { get; init; } = true;

    /// <summary>What the channels need for stripes and pages whatever the link carries; null where the rate alone counts.</summary>
    public FrameCost? Frames { get; init; }

    /// <summary>The same while pages went for the first time, which waits for the destination to make room for them: more than they cost again, or as much.</summary>
    public FrameCost? FirstFrames { get; init; }

    /// <summary>Data channels.</summary>
    public required int Channels { get; init; }

    /// <summary>A read of the dirty sources with the guest stopped.</summary>
    public Estimate Sync { get; init; }

    /// <summary>From a message to its answer on the control connection.</summary>
    public required Estimate RoundTrip { get; init; }

    /// <summary>The fastest round trip so far: what the others took longer, threads waited for their turn.</summary>
    public TimeSpan FastestRoundTrip { get; init; }

    /// <summary>Saving all sections.</summary>
    public required Estimate Save { get; init; }

    /// <summary>Loading all sections.</summary>
    public required Estimate Load { get; init; }

    /// <summary>The other steps.</summary>
    public required SwitchoverCosts Costs { get; init; }
}
