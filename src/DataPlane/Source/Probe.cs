using DataPlane.Control.Bandwidth;

namespace DataPlane.Source;

/// <summary>
/// Checks the bandwidth before the stop: lets the channels send dirty pages as fast as they can for 50 ms at most, and takes what was placed by
/// the fence that follows. The pages have to be sent in any case, so the burst costs nothing but that the fence comes later.
/// </summary>
internal sealed class Probe(SourceState state)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(50);

    // Less than this per channel lies in the sockets' buffers before the link has shown what it carries.
    private const long LeastBytesPerChannel = 2 << 20;

    private long _started;
    private long _before;

    /// <summary>The burst. The channels walk already; it ends when they have nothing left.</summary>
    public async Task BurstAsync()
    {
        state.Step = "probe";
        _before = state.Return!.AcknowledgedBytes;
        _started = state.Clock.Nanoseconds;
        try
        {
            await state.Crew!.WhenDryAsync(state.Crew.Channels.Count).WaitAsync(Longest, state.Clock.Time, state.Fault.Stopping);
        }
        catch (TimeoutException)
        {
            // As much as the time allowed.
        }
    }

    /// <summary>After the fence: everything sent is placed.</summary>
    public void Take()
    {
        var bytes = state.Return!.AcknowledgedBytes - _before;
        // The fence's answer travels back, which is no time of the bytes.
        var time = state.Since(_started) - (state.Return.RoundTrip.OfLate.Expected / 2);
        if (bytes < LeastBytesPerChannel * state.Crew!.Channels.Count || time <= TimeSpan.Zero) return;
        state.Forecast!.Probed = bytes / time.TotalSeconds;
        if (state.Options.AvailSwitchoverBytesPerSecond is { } declared)
            state.Warn(DeclaredBandwidth.Warning(declared, state.Forecast.Probed, "that the probe before the stop saw"));
    }
}
