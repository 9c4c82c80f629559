namespace DataPlane.Bench.Choose;

/// <summary>A row of the table: rates in bytes per second, medians over the rounds.</summary>
internal sealed record ChoiceRow(string Name, double Median, double Lowest, double Highest, double? CpuSecondsPerGigabyte, long? Retransmits)
{
    public static ChoiceRow Of(string name, IReadOnlyList<ChoiceSample> samples) => new(
        name,
        MedianOf(samples.Select(sample => sample.BytesPerSecond)),
        samples.Min(sample => sample.BytesPerSecond),
        samples.Max(sample => sample.BytesPerSecond),
        samples.All(sample => sample.CpuSecondsPerGigabyte is not null)
            ? MedianOf(samples.Select(sample => sample.CpuSecondsPerGigabyte!.Value)) : null,
        samples.Sum(sample => sample.Retransmits));

    private static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
