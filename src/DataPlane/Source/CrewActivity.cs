using System.Diagnostics;
using DataPlane.Control.Bandwidth;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>
/// Where the channels' time has gone, as they and the kernel count it. One question to the kernel per channel, some 0.5 us each; asked at
/// acknowledgements, every 10 ms.
/// </summary>
internal static class CrewActivity
{
    public static StreamActivity Of(ChannelCrew crew)
    {
        ulong busy = 0, receiver = 0;
        long sending = 0, idle = 0, encoded = 0;
        var tcp = true;
        foreach (var channel in crew.Channels)
        {
            ref readonly var counters = ref channel.Counters;
            sending += counters.BlockedTicks;
            idle += counters.IdleTicks;
            encoded += counters.EncodedPages;
            if (channel.Status is { } status)
            {
                busy += status.Busy;
                receiver += status.ReceiverLimited;
            }
            else
            {
                tcp = false;
            }
        }
        return new StreamActivity(
            crew.Channels.Count, tcp ? TimeSpan.FromMicroseconds(busy) : null, TimeSpan.FromMicroseconds(receiver),
            Stopwatch.GetElapsedTime(0, sending), Stopwatch.GetElapsedTime(0, idle),
            Stopwatch.GetElapsedTime(0, crew.Cap?.HeldTicks ?? 0), Compresses: encoded > 0);
    }
}
