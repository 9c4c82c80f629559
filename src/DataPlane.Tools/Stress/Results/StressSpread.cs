namespace DataPlane.Tools.Stress.Results;

/// <summary>
/// How a figure spreads over runs. Percentiles by the nearest rank: the least value that so many percent of the values do not exceed, so each is a value
/// that occurred; of few values the high ones are the largest.
/// </summary>
internal sealed record StressSpread(double P50, double P90, double P99, double Max)
{
    /// <summary>Null where there is no value.</summary>
    public static StressSpread? Of(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? null : new StressSpread(Rank(sorted, 50), Rank(sorted, 90), Rank(sorted, 99), sorted[^1]);
    }

    private static double Rank(double[] sorted, int percent) => sorted[((sorted.Length * percent) + 99) / 100 - 1];
}
