using System.Text.Json;

namespace DataPlane.Bench.Compare;

/// <summary>The results for programs: every sample, and every goal with what was reached.</summary>
internal static class CompareJson
{
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower };

    public static string Write(CompareOptions options, IReadOnlyList<CaseResult> results) => JsonSerializer.Serialize(
        new
        {
            Schema = "dataplane.compare/1",
            Machine = Machine.Describe(),
            options.Rounds,
            Cases = results.Select(result => new
            {
                result.Case.Name,
                result.Case.State,
                result.Bytes,
                result.PageKind,
                Contenders = result.Contenders.Select(name => new
                {
                    Name = name,
                    MedianBytesPerSecond = result.Rate(name),
                    CpuSecondsPerGigabyte = result.Cpu(name),
                    SourceCpuSecondsPerGigabyte = result.Median(name, sample => sample.SourceCpu),
                    Samples = result.Samples(name),
                }),
                result.Missing,
                Goals = result.Case.Goals.Select(goal => new { goal.Text, goal.Target, goal.IsAtMost, Reached = Finite(goal.Reached(result)), Verdict = goal.Verdict(goal.Reached(result)) }),
            }),
        },
        _options) + "\n";

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
