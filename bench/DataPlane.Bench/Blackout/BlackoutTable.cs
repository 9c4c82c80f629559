using System.Globalization;

namespace DataPlane.Bench.Blackout;

/// <summary>Samples as a table: the middle one, nine in ten, the worst.</summary>
internal static class BlackoutTable
{
    public const string Head = "| case | runs | median ms | p90 ms | max ms |\n|---|---|---|---|---|";

    public static string Row(string name, IReadOnlyList<double> samples) => string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {samples.Count} | {At(samples, 0.5):0.00} | {At(samples, 0.9):0.00} | {At(samples, 1):0.00} |");

    /// <summary>A table of what blackouts were made of: one column for each case, the median and behind it p90, in milliseconds.</summary>
    public static void PrintParts(IReadOnlyList<string> cases, IReadOnlyList<IReadOnlyList<BlackoutSample>> samples)
    {
        Console.WriteLine($"| part, median (p90) ms | {string.Join(" | ", cases)} |");
        Console.WriteLine($"|---|{string.Concat(cases.Select(_ => "---|"))}");
        foreach (var part in samples.SelectMany(each => each).SelectMany(sample => sample.Parts.Keys).Distinct(StringComparer.Ordinal))
            Console.WriteLine($"| {part} | {string.Join(" | ", samples.Select(each => Cell(part, each)))} |");
    }

    private static string Cell(string part, IReadOnlyList<BlackoutSample> samples)
    {
        var values = samples.Where(sample => sample.Parts.ContainsKey(part)).Select(sample => sample.Parts[part]).ToArray();
        return values.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{At(values, 0.5):0.000} ({At(values, 0.9):0.000})");
    }

    private static double At(IReadOnlyList<double> values, double part) => values.Order().ElementAt((int)Math.Round(part * (values.Count - 1)));
}
