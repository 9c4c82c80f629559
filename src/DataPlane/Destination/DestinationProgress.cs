using DataPlane.Results;

namespace DataPlane.Destination;

/// <summary>A look at a running destination.</summary>
internal static class DestinationProgress
{
    public static MigrationProgress Of(DestinationState state)
    {
        var channels = state.Crew?.Channels.Select(channel => channel.Counters.WireBytes).ToArray() ?? [];
        return new MigrationProgress
        {
            Status = state.Status,
            Pass = 0,
            Elapsed = state.Started == 0 ? TimeSpan.Zero : state.Since(state.Started),
            TotalBytes = state.Hello is null ? 0 : state.Memory.ByteCount,
            TransferredBytes = channels.Sum(),
            ChannelBytes = channels,
            Channels = [.. channels.Select((bytes, number) => new ChannelProgress(number, bytes, null, null, null))],
        };
    }
}
