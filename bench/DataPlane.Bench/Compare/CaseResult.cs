namespace DataPlane.Bench.Compare;

/// <summary>What came of a case: the samples of each contender, in the order of its rounds.</summary>
/// <param name="of">The case.</param>
/// <param name="bytes">Of guest memory.</param>
/// <param name="pageKind">What the memory's pages were; null where the kernel chose.</param>
internal sealed class CaseResult(CompareCase of, long bytes, string? pageKind)
{
    private readonly Dictionary<string, List<CompareSample>> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _missing = new(StringComparer.Ordinal);

    public CompareCase Case => of;

    public long Bytes => bytes;

    public string PageKind => pageKind ?? "pages as the kernel chose";

    /// <summary>In the order in which they first ran.</summary>
    public IEnumerable<string> Contenders => _samples.Keys;

    /// <summary>Contenders that could not run, or failed, and why.</summary>
    public IReadOnlyDictionary<string, string> Missing => _missing;

    public void Add(string contender, CompareSample sample)
    {
        if (!_samples.TryGetValue(contender, out var list)) _samples[contender] = list = [];
        list.Add(sample);
    }

    public void Miss(string contender, string why) => _missing[contender] = why;

    public IReadOnlyList<CompareSample> Samples(string contender) => _samples[contender];

    /// <summary>The median rate of a contender, bytes per second; null where it did not run.</summary>
    public double? Rate(string contender) => Median(contender, sample => sample.BytesPerSecond);

    /// <summary>The median rate of the fastest contender whose name begins so.</summary>
    public double? BestRate(string prefix) =>
        _samples.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(Rate).Max();

    /// <summary>One median rate over another.</summary>
    public double? Ratio(string contender, string baseline) => Rate(contender) / Rate(baseline);

    /// <summary>CPU-seconds per GB of both sides.</summary>
    public double? Cpu(string contender) => Median(contender, sample => sample.SourceCpu + sample.DestinationCpu);

    /// <summary>The median of something; null where any run did not tell it.</summary>
    public double? Median(string contender, Func<CompareSample, double?> what)
    {
        if (!_samples.TryGetValue(contender, out var samples)) return null;
        var values = samples.Select(what).ToArray();
        if (values.Any(value => value is null)) return null;
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
