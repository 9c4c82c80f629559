using System.Globalization;
using DataPlane.Core.Errors;

namespace DataPlane.Telemetry;

/// <summary>
/// What counters show: sums over all migrations of this process, those that have ended included, so that none ever falls. Keys are the tags.
/// Not for several threads.
/// </summary>
internal sealed class MeterTotals
{
    public Dictionary<(string Direction, string Channel), long> Wire { get; } = [];

    public Dictionary<string, long> Pages { get; } = [];

    public Dictionary<string, long> Rejected { get; } = [];

    public long Rounds { get; private set; }

    public MeterTotals Copy()
    {
        var copy = new MeterTotals { Rounds = Rounds };
        foreach (var (key, value) in Wire) copy.Wire[key] = value;
        foreach (var (key, value) in Pages) copy.Pages[key] = value;
        foreach (var (key, value) in Rejected) copy.Rejected[key] = value;
        return copy;
    }

    public void Add(MeterReading reading)
    {
        var direction = reading.Side == MigrationSide.Source ? "transmit" : "receive";
        for (var i = 0; i < reading.ChannelBytes.Count; i++)
            Add(Wire, (direction, i.ToString(CultureInfo.InvariantCulture)), reading.ChannelBytes[i]);
        // Of one migration both sides count the same pages: where both are in one process, as in tests, the source's count.
        if (reading.Side == MigrationSide.Source)
        {
            Add(Pages, "zero", reading.ZeroPages);
            Add(Pages, "normal", reading.NormalPages - reading.CompressedPages);
            Add(Pages, "compressed", reading.CompressedPages);
        }
        Rounds += reading.Rounds;
        foreach (var (reason, count) in reading.Rejected) Add(Rejected, reason, count);
    }

    private static void Add<T>(Dictionary<T, long> totals, T key, long value)
        where T : notnull => totals[key] = totals.GetValueOrDefault(key) + value;
}
