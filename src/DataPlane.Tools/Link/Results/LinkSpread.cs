namespace DataPlane.Tools.Link;

/// <summary>A time that was measured several times. Microseconds.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="Median">The one in the middle.</param>
/// <param name="Max">The longest.</param>
/// <param name="Count">How many there are.</param>
public sealed record LinkSpread(double Min, double Median, double Max, int Count)
{
    /// <summary>Null where there are none.</summary>
    internal static LinkSpread? Of(IReadOnlyList<double> microseconds)
    {
        if (microseconds.Count == 0) return null;
        double[] sorted = [.. microseconds.Order()];
        return new LinkSpread(Rounded(sorted[0]), Rounded(sorted[sorted.Length / 2]), Rounded(sorted[^1]), sorted.Length);

        static double Rounded(double value) => Math.Round(value, 1);
    }
}
