using DataPlane.Core.Errors;
using DataPlane.Destination;

namespace DataPlane.Telemetry;

/// <summary>A destination as the instruments see it.</summary>
internal static class DestinationReading
{
    public static MeterReading Of(DestinationState state)
    {
        var refused = state.Refusals.Report();
        return new MeterReading(MigrationSide.Destination)
        {
            ChannelBytes = state.Crew?.Channels.Select(channel => channel.Counters.WireBytes).ToArray() ?? [],
            Rejected =
            [
                new("silent", refused.Silent), new("garbage", refused.Garbage), new("bad-mac", refused.BadMac), new("replayed", refused.Replayed),
                new("out-of-range", refused.OutOfRange), new("other-session", refused.OtherSession), new("busy", refused.Busy), new("unfit", refused.Unfit),
            ],
        };
    }
}
