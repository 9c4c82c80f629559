namespace DataPlane.Control.Convergence;

/// <summary>
/// Judges the end of each pass: keeps the watch over where the passes go, asks what another would leave, and has <see cref="PrecopyPolicy"/> decide. The same for a
/// migration and for one that is only worked out beforehand. Pure; not for several threads.
/// </summary>
/// <param name="dirty">How the guest dirties memory, kept up to date by others.</param>
internal sealed class PrecopyJudge(DirtyModel dirty)
{
    private const double MostToAskAgain = 0.6;
    private static readonly TimeSpan ShortestPass = TimeSpan.FromMilliseconds(5);

    private readonly ConvergenceWatch _watch = new();
    private double _goneOnWith = double.PositiveInfinity;

    /// <summary>Where the passes are going.</summary>
    public ConvergenceTrend Trend => _watch.Trend;

    /// <summary>What is aimed for has changed: what was seen of the passes says nothing of it.</summary>
    public void Restart(TimeSpan elapsed) => _watch.Restart(elapsed);

    public PrecopyDecision Decide(in PrecopyEnd end, in PrecopyAims aims)
    {
        var bandwidth = end.Rate.BytesPerSecond is > 0 and var known ? known : 1;
        // What fits of memory is what the limit leaves beside all else.
        var aim = PrecopyPolicy.Aim(aims.DowntimeLimit, aims.HardLimit);
        var fits = (aim - (end.Forecast.Total.Expected - (end.Forecast.Memory ?? TimeSpan.Zero))).TotalSeconds * bandwidth;
        _watch.Add(end.RemainingBytes, dirty.RestingBytes(bandwidth, ShortestPass, end.MemoryBytes), Math.Max(0, fits), end.Elapsed);
        var decision = PrecopyPolicy.Decide(new PrecopySnapshot(
            end.RemainingBytes, end.Forecast, end.Rate, aims.DowntimeLimit, end.Elapsed, aims.Timeout, aims.ForceOnTimeout)
        {
            WireBytesPerByte = end.WireBytesPerByte,
            Trend = _watch.Trend,
            NotFallenFor = _watch.NotFallenFor,
            AtMinimum = _watch.AtMinimum,
            OnStall = aims.OnStall,
            ThrottleExhausted = end.ThrottleExhausted,
            HardLimit = aims.HardLimit,
            NextPassLeavesBytes = end.Fenced ? null : NextPassLeaves(end),
        });
        if (decision.FitsAlready) _goneOnWith = end.RemainingBytes;
        return decision;
    }

    /// <summary>
    /// What the guest is to dirty while what is left is sent. Null where the passes went on for that before, and what is left has not shrunk by
    /// two fifths since: a guest that does other than it did so far is not waited for.
    /// </summary>
    private double? NextPassLeaves(in PrecopyEnd end)
    {
        if (end.RemainingBytes > MostToAskAgain * _goneOnWith || end.MeasuredBytesPerSecond is not { } rate) return null;
        var time = TimeSpan.FromSeconds(end.RemainingBytes * end.WireBytesPerByte / rate);
        return dirty.NewBytesAfter(time > ShortestPass ? time : ShortestPass);
    }
}
