using DataPlane.Guests.Recording;

namespace DataPlane.Cli.Record;

/// <summary>What reading the written pages took.</summary>
/// <param name="MeanMs">One read, on average.</param>
/// <param name="LongestMs">The longest.</param>
/// <param name="SharePercent">Of the recording's time.</param>
internal sealed record ReadCostReport(double MeanMs, double LongestMs, double SharePercent)
{
    public static ReadCostReport Of(RecordingProgress cost) => new(
        cost.Steps == 0 ? 0 : cost.Reading.TotalMilliseconds / cost.Steps, cost.LongestRead.TotalMilliseconds,
        cost.Elapsed > TimeSpan.Zero ? 100 * cost.Reading / cost.Elapsed : 0);
}
