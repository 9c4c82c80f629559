using DataPlane.Cli.Run;

namespace DataPlane.Cli.Demo;

/// <summary>What a demo shows beyond the migration's own result: the guest is whole on both sides and goes on.</summary>
internal static class DemoProof
{
    /// <summary>A guest that writes at all has written within this time.</summary>
    private const double LongEnoughMs = 200;

    /// <summary>What does not hold, as sentences; empty when all does.</summary>
    /// <param name="source">The source's end.</param>
    /// <param name="destination">The destination's; null where the guest did not go there.</param>
    /// <param name="dirties">Whether the guest was asked to write.</param>
    public static IReadOnlyList<string> Faults(SourceOutcome? source, GuestReport? destination, bool dirties)
    {
        var faults = new List<string>();
        if (source is { Invariant.Holds: false })
            faults.Add("the guest's memory does not match what it wrote at the source");
        if (destination is { Invariant.Holds: false })
            faults.Add("the guest's memory does not match what it wrote when it was stopped at the destination");
        if (dirties && destination is { RanMs: >= LongEnoughMs, Written: 0 })
            faults.Add("the guest did not go on at the destination");
        return faults;
    }
}
