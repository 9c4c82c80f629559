using System.Globalization;

namespace DataPlane.Control.Convergence;

/// <summary>
/// When to stop the guest: as soon as what is left, memory and device state, goes over the wire within the downtime limit at the
/// declared bandwidth, or at the measured one where none is declared. Pure.
/// </summary>
/// <remarks>
/// Left out, each small beside a limit of some ten milliseconds: reading the dirty sources once more (25 ns a page), two round trips,
/// and what the host takes to stop, save, load and resume.
/// </remarks>
internal static class PrecopyPolicy
{
    public static PrecopyDecision Decide(in PrecopySnapshot now)
    {
        var pending = now.RemainingBytes + now.StateBytes;
        var bandwidth = now.DeclaredBytesPerSecond ?? now.MeasuredBytesPerSecond;
        TimeSpan? expected = bandwidth is > 0 ? TimeSpan.FromSeconds(pending / bandwidth.Value) : null;
        if (expected <= now.DowntimeLimit)
            return new PrecopyDecision(PrecopyVerdict.Switch, expected, Describe(now, pending, bandwidth, expected, "fit within"));
        if (now.Elapsed < now.Timeout)
            return new PrecopyDecision(PrecopyVerdict.Continue, expected, Describe(now, pending, bandwidth, expected, "do not fit within"));
        var verdict = now.ForceOnTimeout ? PrecopyVerdict.Force : PrecopyVerdict.GiveUp;
        var late = string.Create(CultureInfo.InvariantCulture, $" after {now.Elapsed.TotalSeconds:0.###} s, the time allowed");
        return new PrecopyDecision(verdict, expected, Describe(now, pending, bandwidth, expected, "do not fit within") + late);
    }

    private static string Describe(in PrecopySnapshot now, long pending, double? bandwidth, TimeSpan? expected, string relation)
    {
        var limit = now.DowntimeLimit.TotalMilliseconds;
        if (expected is null)
            return string.Create(CultureInfo.InvariantCulture, $"{pending} bytes are left and no bandwidth is known yet");
        var origin = now.DeclaredBytesPerSecond is null ? "measured" : "declared";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pending} bytes at {origin} {bandwidth!.Value / 1e6:0.#} MB/s take {expected.Value.TotalMilliseconds:0.###} ms and {relation} {limit:0.###} ms");
    }
}
