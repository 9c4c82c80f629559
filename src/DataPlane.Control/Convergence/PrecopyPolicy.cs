using System.Globalization;

namespace DataPlane.Control.Convergence;

/// <summary>
/// When to stop the guest: as soon as the memory that is left goes over the wire within the downtime limit at the declared bandwidth,
/// or at the measured one where none is declared; and when no memory is left, since more passes gain nothing then. Pure.
/// </summary>
/// <remarks>
/// Left out of the decision: the device state, which no pass makes smaller (it is in the expected downtime); reading the dirty sources
/// once more (25 ns a page), two round trips, and what the host takes to stop, save, load and resume: small beside a limit of some ten
/// milliseconds.
/// </remarks>
internal static class PrecopyPolicy
{
    public static PrecopyDecision Decide(in PrecopySnapshot now)
    {
        var bandwidth = now.DeclaredBytesPerSecond ?? now.MeasuredBytesPerSecond;
        var wireBytes = (long)(now.RemainingBytes * now.WireBytesPerByte);
        var expected = TimeFor(wireBytes + now.StateBytes, bandwidth);
        if (now.RemainingBytes == 0)
            return new PrecopyDecision(PrecopyVerdict.Switch, expected, "no memory is left to send");
        var memory = TimeFor(wireBytes, bandwidth);
        if (memory <= now.DowntimeLimit)
            return new PrecopyDecision(PrecopyVerdict.Switch, expected, Describe(now, bandwidth, memory, "fit within"));
        if (now.Elapsed < now.Timeout)
            return new PrecopyDecision(PrecopyVerdict.Continue, expected, Describe(now, bandwidth, memory, "do not fit within"));
        var verdict = now.ForceOnTimeout ? PrecopyVerdict.Force : PrecopyVerdict.GiveUp;
        var late = string.Create(CultureInfo.InvariantCulture, $" after {now.Elapsed.TotalSeconds:0.###} s, the time allowed");
        return new PrecopyDecision(verdict, expected, Describe(now, bandwidth, memory, "do not fit within") + late);
    }

    // A bandwidth that is next to nothing must not overflow the time: a year is as good as never.
    private static TimeSpan? TimeFor(long bytes, double? bandwidth) =>
        bandwidth is > 0 ? TimeSpan.FromSeconds(Math.Min(bytes / bandwidth.Value, 365 * 86400.0)) : null;

    private static string Shrunk(in PrecopySnapshot now) =>
        now.WireBytesPerByte < 1 ? string.Create(CultureInfo.InvariantCulture, $", compressed to {now.WireBytesPerByte:0.##},") : "";

    private static string Describe(in PrecopySnapshot now, double? bandwidth, TimeSpan? expected, string relation)
    {
        var limit = now.DowntimeLimit.TotalMilliseconds;
        if (expected is null)
            return string.Create(CultureInfo.InvariantCulture, $"{now.RemainingBytes} bytes are left and no bandwidth is known yet");
        var origin = now.DeclaredBytesPerSecond is not null ? "declared" : now.MeasuredUnderCap ? "capped" : "measured";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{now.RemainingBytes} bytes{Shrunk(now)} at {origin} {bandwidth!.Value / 1e6:0.#} MB/s take {expected.Value.TotalMilliseconds:0.###} ms and {relation} {limit:0.###} ms");
    }
}
