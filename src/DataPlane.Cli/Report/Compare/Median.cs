namespace DataPlane.Cli.Report.Compare;

/// <summary>The middle of some values.</summary>
internal static class Median
{
    /// <summary>Of at least one value; of an even count, half way between the two in the middle.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
