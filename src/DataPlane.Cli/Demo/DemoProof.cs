using DataPlane.Cli.Run;

namespace DataPlane.Cli.Demo;

/// <summary>What is shown beyond the migration's own result: the guest is whole on both sides and goes on.</summary>
internal static class DemoProof
{
    /// <summary>A guest that writes at all has written within this time.</summary>
    private const double LongEnoughMs = 200;

    /// <summary>What does not hold of the guest that left, or stayed.</summary>
    public static IEnumerable<ProofFault> FaultsAtSource(SourceOutcome source)
    {
        if (!source.Invariant.Holds)
            yield return new ProofFault("the guest's memory does not match what it wrote at the source", ExitCodes.DifferentMemory);
    }

    /// <summary>What does not hold of the guest that came.</summary>
    /// <param name="guest">Null where none came.</param>
    /// <param name="dirties">Whether it is known to write.</param>
    public static IEnumerable<ProofFault> FaultsAtDestination(GuestReport? guest, bool dirties)
    {
        if (guest is { Invariant.Holds: false })
            yield return new ProofFault(
                "the guest's memory does not match what it wrote when it was stopped at the destination", ExitCodes.DifferentMemory);
        if (dirties && guest is { RanMs: >= LongEnoughMs, Written: 0 })
            yield return new ProofFault("the guest did not go on at the destination", ExitCodes.Failed);
    }
}
