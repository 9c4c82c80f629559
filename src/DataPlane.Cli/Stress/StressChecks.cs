using DataPlane.Cli.Run;
using DataPlane.Tools.Stress;

namespace DataPlane.Cli.Stress;

/// <summary>What can be found wrong with the cases before any of them is run.</summary>
internal static class StressChecks
{
    /// <summary>Throws <see cref="UsageException"/> with the first.</summary>
    public static void Throw(IReadOnlyList<StressCase> cases, int parallel)
    {
        foreach (var one in cases)
        {
            var settings = RunSettings.Of(one);
            try
            {
                OptionFaults.Throw(settings.Faults());
            }
            catch (UsageException wrong) when (one.Knob is not null || one.Scenario != one.Place)
            {
                throw new UsageException($"{one.Place}: {one.Title}: {wrong.Message}");
            }
            if (parallel > 1 && settings.KeepsMemory)
                throw new UsageException("--memory-dir: guests beside each other cannot keep their memory in the same files; leave it out, or --parallel.");
        }
    }
}
