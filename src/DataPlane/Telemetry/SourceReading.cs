using DataPlane.Core.Errors;
using DataPlane.Source;

namespace DataPlane.Telemetry;

/// <summary>A source as the instruments see it.</summary>
internal static class SourceReading
{
    public static MeterReading Of(SourceState state)
    {
        var progress = SourceProgress.Of(state);
        var channels = state.Crew?.Channels ?? [];
        return new MeterReading(MigrationSide.Source)
        {
            ChannelBytes = progress.ChannelBytes,
            TotalBytes = progress.TotalBytes,
            RemainingBytes = progress.RemainingBytes,
            ZeroPages = channels.Sum(channel => channel.Counters.ZeroPages),
            NormalPages = channels.Sum(channel => channel.Counters.Pages),
            CompressedPages = channels.Sum(channel => channel.Counters.EncodedPages),
            Rounds = state.Log?.Passes.Count ?? 0,
            DirtyRate = progress.DirtyBytesPerSecond,
            Throughput = progress.BytesPerSecond,
            ExpectedDowntime = progress.ExpectedDowntime,
            Throttle = progress.CpuThrottlePercentage / 100.0,
        };
    }
}
