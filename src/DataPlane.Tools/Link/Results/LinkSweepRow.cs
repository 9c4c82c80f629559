namespace DataPlane.Tools.Link;

/// <summary>One measurement of a sweep.</summary>
/// <param name="Channels">Data channels, each way.</param>
/// <param name="Sum">The bulk, both ways together.</param>
/// <param name="FinalSetBitsPerSecond">Of the slower way; null where it was not come to.</param>
/// <param name="CpuSecondsPerGigabyte">Of both sides.</param>
/// <param name="LoadedRoundTripUs">Median during the bulk.</param>
public sealed record LinkSweepRow(int Channels, LinkSum Sum, double? FinalSetBitsPerSecond, double? CpuSecondsPerGigabyte, double? LoadedRoundTripUs)
{
    // What measurements of one link differ by from run to run.
    private const double Close = 0.95;

    /// <summary>
    /// The fewest channels whose bulk and final set are both within 5 % of the best of the sweep; where none is, whose bulk is: each channel costs
    /// a thread on both sides. Null where no row is complete.
    /// </summary>
    internal static int? Recommend(IReadOnlyList<LinkSweepRow> rows)
    {
        LinkSweepRow[] complete = [.. rows.Where(row => row.FinalSetBitsPerSecond is not null).OrderBy(row => row.Channels)];
        if (complete.Length == 0) return null;
        var bulk = Close * complete.Max(row => row.Sum.BitsPerSecond);
        var final = Close * complete.Max(row => row.FinalSetBitsPerSecond!.Value);
        return (complete.FirstOrDefault(row => row.Sum.BitsPerSecond >= bulk && row.FinalSetBitsPerSecond >= final)
            ?? complete.First(row => row.Sum.BitsPerSecond >= bulk)).Channels;
    }
}
