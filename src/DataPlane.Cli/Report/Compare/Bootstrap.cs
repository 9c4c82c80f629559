namespace DataPlane.Cli.Report.Compare;

/// <summary>
/// How far the change of a median may be chance: both sets are drawn again from themselves, with repetition, some thousand times, and the
/// middle 95 % of the changes so found are the interval. The draws are the same each time, so that a gate says the same of the same files.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Fewer values say nothing of their own spread: of 4, the extremes are drawn alone too often for an interval of 95 %.</summary>
    public const int FewestValues = 5;

    /// <summary>The 2.5th percentile has 100 draws below it: enough for the tenths of a percent that are shown.</summary>
    private const int Draws = 4000;

    private const int Seed = 20_000;

    /// <summary>The interval of 100 * (median of b / median of a - 1); null with too few values, or with a median of 0 among the draws.</summary>
    public static (double Low, double High)? ChangePercent(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count < FewestValues || b.Count < FewestValues) return null;
        var random = new Random(Seed);
        var changes = new double[Draws];
        for (var i = 0; i < Draws; i++)
            changes[i] = 100 * ((Drawn(b, random) / Drawn(a, random)) - 1);
        if (!changes.All(double.IsFinite)) return null;
        Array.Sort(changes);
        return (changes[(int)(0.025 * Draws)], changes[(int)(0.975 * Draws) - 1]);
    }

    private static double Drawn(IReadOnlyList<double> values, Random random)
    {
        var drawn = new double[values.Count];
        for (var i = 0; i < drawn.Length; i++) drawn[i] = values[random.Next(values.Count)];
        return Median.Of(drawn);
    }
}
