using DataPlane.Results;

namespace DataPlane.Cli.Report.Compare;

/// <summary>What one of two sets holds.</summary>
/// <param name="File">Where it came from.</param>
/// <param name="Runs">Documents in it.</param>
/// <param name="Completed">How many of those completed; the others' figures are not compared.</param>
/// <param name="Void">How many of those prove nothing, as a stress says; their figures are not compared either.</param>
internal sealed record ComparedSet(string File, int Runs, int Completed, int Void)
{
    public static ComparedSet Of(string file, IReadOnlyList<ReportDocument> runs) => new(
        file, runs.Count, runs.Count(run => run.Result.Status == MigrationStatus.Completed), runs.Count(run => run.Tags?.Verdict == "void"));
}
