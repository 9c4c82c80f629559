namespace DataPlane.Control.Convergence;

/// <summary>
/// By how much the guest is to be slowed down, in percent of its time, so that the passes shrink: aimed at a dirty rate of half of the
/// bandwidth, at which each pass leaves half of the last. Steps up while the passes stall and down again when less would do. Pure.
/// </summary>
/// <remarks>
/// At most 20 points at a time and not before 200 ms after the last: the effect of a step shows only in the passes after it. Down by 10
/// when the guest dirties less than a quarter of the bandwidth: it then has room for twice as much. Never above 95: the guest is to live.
/// </remarks>
internal sealed class GuestThrottle
{
    public const int Most = 95;
    private const int LargestStep = 20;
    private const int LeastStep = 5;
    private const int StepDown = 10;
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private TimeSpan _changedAt = -Settle;

    /// <summary>0 to 95.</summary>
    public int Percent { get; private set; }

    /// <summary>It could not be slower.</summary>
    public bool Exhausted => Percent == Most;

    /// <summary>
    /// A pass has ended, with the guest dirtying <paramref name="dirtyRate"/> bytes per second (as slowed down as it is) and a link of
    /// <paramref name="bandwidth"/>. Returns whether <see cref="Percent"/> has changed.
    /// </summary>
    public bool Decide(ConvergenceTrend trend, double dirtyRate, double bandwidth, TimeSpan now)
    {
        if (now - _changedAt < Settle) return false;
        var before = Percent;
        if (trend is ConvergenceTrend.Stalled or ConvergenceTrend.Hopeless || (Percent > 0 && dirtyRate > bandwidth / 2))
            Percent = Math.Min(Most, Percent + Step(dirtyRate, bandwidth));
        else if (Percent > 0 && dirtyRate < bandwidth / 4)
            Percent = Math.Max(0, Percent - StepDown);
        if (Percent == before) return false;
        _changedAt = now;
        return true;
    }

    /// <summary>The guest is to run freely. Returns whether it did not.</summary>
    public bool Release()
    {
        var held = Percent > 0;
        Percent = 0;
        return held;
    }

    /// <summary>What is left of the guest's time is to shrink as the dirty rate has to.</summary>
    private int Step(double dirtyRate, double bandwidth)
    {
        var wanted = dirtyRate > 0 ? 100 - ((100 - Percent) * Math.Min(1, bandwidth / 2 / dirtyRate)) : Percent;
        return Math.Clamp((int)Math.Ceiling(wanted - Percent), LeastStep, LargestStep);
    }
}
