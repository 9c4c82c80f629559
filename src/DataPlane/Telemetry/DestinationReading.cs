using DataPlane.Core.Errors;
using DataPlane.Destination;
using DataPlane.Results;

namespace DataPlane.Telemetry;

/// <summary>A destination as the instruments see it.</summary>
internal static class DestinationReading
{
    public static MeterReading Of(DestinationState state)
    {
        var refused = state.Refusals.Report();
        var before = state.RefusedBefore ?? new RefusedConnectionsReport(0, 0, 0, 0, 0, 0, 0, 0, 0); // Counted by the attempts before.
        return new MeterReading(MigrationSide.Destination)
        {
            ChannelBytes = state.Crew?.Channels.Select(channel => channel.Counters.WireBytes).ToArray() ?? [],
            Rejected =
            [
                new("silent", refused.Silent - before.Silent), new("garbage", refused.Garbage - before.Garbage), new("bad-mac", refused.BadMac - before.BadMac), new("replayed", refused.Replayed - before.Replayed),
                new("out-of-range", refused.OutOfRange - before.OutOfRange), new("other-session", refused.OtherSession - before.OtherSession), new("busy", refused.Busy - before.Busy), new("unfit", refused.Unfit - before.Unfit),
            ],
        };
    }
}
