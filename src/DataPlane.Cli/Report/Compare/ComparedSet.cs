using DataPlane.Results;

namespace DataPlane.Cli.Report.Compare;

/// <summary>What one of two sets holds.</summary>
/// <param name="File">Where it came from.</param>
/// <param name="Runs">Documents in it.</param>
/// <param name="Completed">How many of those completed; the others' figures are not compared.</param>
internal sealed record ComparedSet(string File, int Runs, int Completed)
{
    public static ComparedSet Of(string file, IReadOnlyList<MigrationResult> results) =>
        new(file, results.Count, results.Count(result => result.Status == MigrationStatus.Completed));
}
