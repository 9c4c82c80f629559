using System.Diagnostics;
using DataPlane.Core.Memory;
using DataPlane.Results;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>A look at a running source.</summary>
internal static class SourceProgress
{
    public static MigrationProgress Of(SourceState state)
    {
        var crew = state.Crew;
        var totals = crew is null ? default : CrewTotals.Of(crew);
        // While the guest runs this is of this very moment; with the guest stopped it is what was decided on.
        var forecast = state.Status == MigrationStatus.Active ? state.Forecast?.Now() : state.Decision?.Forecast;
        return new MigrationProgress
        {
            Status = state.Status,
            Attempt = (int)state.Attempt,
            Pass = crew is null ? 0 : (int)crew.Pass,
            Elapsed = state.Started == 0 ? TimeSpan.Zero : state.Since(state.Started),
            TotalBytes = state.Memory.ByteCount,
            TransferredBytes = totals.WireBytes,
            RemainingBytes = state.SetUp == 0 ? state.Memory.ByteCount : state.Bitmap.Count() * PageGeometry.PageSize,
            BytesPerSecond = state.Bandwidth.BytesPerSecond,
            DirtyBytesPerSecond = state.DirtyBytesPerSecond,
            ExpectedDowntime = forecast is { Known: true } ? forecast.Total.Expected : null,
            Forecast = DowntimeForecast.Of(forecast),
            CpuThrottlePercentage = state.ThrottlePercent,
            ChannelBytes = crew is null ? [] : [.. crew.Channels.Select(channel => channel.Counters.WireBytes)],
            Channels = crew is null ? [] : [.. crew.Channels.Select(Channel)],
            Bottleneck = SourceReport.Bottleneck(state),
        };
    }

    private static ChannelProgress Channel(SendingChannel channel)
    {
        ref readonly var counters = ref channel.Counters;
        return new ChannelProgress(channel.Number, counters.WireBytes, Milliseconds(counters.BusyTicks), Milliseconds(counters.BlockedTicks), Milliseconds(counters.IdleTicks));
    }

    private static double Milliseconds(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds;
}
