namespace DataPlane.Cli.Report.Compare;

/// <summary>One figure in both sets. Numbers have the unit of the result document.</summary>
/// <param name="Metric">Its name in the result document.</param>
/// <param name="ValuesA">How many completed runs of A have it.</param>
/// <param name="ValuesB">The same for B.</param>
/// <param name="MedianA">Null where none has.</param>
/// <param name="MedianB">The same for B.</param>
/// <param name="ChangePercent">From A to B; null where one is missing, or A's is 0.</param>
/// <param name="LowPercent">95 % interval of that by bootstrap; null with fewer than five values in a set.</param>
/// <param name="HighPercent">Its other end.</param>
/// <param name="Verdict"><c>better</c>, <c>worse</c>, <c>same</c> (no difference shown) or <c>unknown</c>.</param>
/// <param name="Regressed">Whether it misses the gate.</param>
internal sealed record ComparedMetric(
    string Metric, int ValuesA, int ValuesB, double? MedianA, double? MedianB, double? ChangePercent, double? LowPercent, double? HighPercent,
    string Verdict, bool Regressed)
{
    /// <summary>The kind of runs that it is of; null where all runs are compared together.</summary>
    public string? Case { get; init; }

    /// <summary>
    /// Worse or better is what the whole interval says; without one, what the medians say. The gate is missed where the median got worse by more
    /// than <paramref name="maxRegress"/> percent and that is not chance by the same rule.
    /// </summary>
    public static ComparedMetric Of(Metric metric, IReadOnlyList<double> a, IReadOnlyList<double> b, double? maxRegress)
    {
        double? medianA = a.Count > 0 ? Median.Of(a) : null;
        double? medianB = b.Count > 0 ? Median.Of(b) : null;
        var change = 100 * ((medianB / medianA) - 1);
        if (medianA == medianB && medianA is not null) change = 0; // Two times nothing, too.
        if (change is not { } known || !double.IsFinite(known))
            return new ComparedMetric(metric.Field, a.Count, b.Count, medianA, medianB, null, null, null, "unknown", false);
        var interval = Bootstrap.ChangePercent(a, b);
        var (low, high) = interval ?? (known, known);
        var worse = metric.MoreIsBetter ? high < 0 : low > 0;
        var better = metric.MoreIsBetter ? low > 0 : high < 0;
        var regress = metric.MoreIsBetter ? -known : known;
        return new ComparedMetric(metric.Field, a.Count, b.Count, medianA, medianB, known, interval?.Low, interval?.High,
            worse ? "worse" : better ? "better" : "same", worse && regress > maxRegress);
    }
}
