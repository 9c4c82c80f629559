using DataPlane.Control.Convergence;

namespace DataPlane.Tools.Predict.Virtual;

/// <summary>
/// Tells when going on shows nothing new: the shortest blackout that was to be expected has not become shorter for so long, through a whole round of what the guest does. A
/// guest in expected counts has no lucky moments to wait for.
/// </summary>
internal sealed class VirtualStillness(double guestsRound)
{
    private const double Least = 10;
    private const double Rounds = 1.5;
    private const int LeastPasses = 24;

    private double _best = double.PositiveInfinity;
    private double _since;
    private int _passes;

    /// <summary>When it last became shorter.</summary>
    public double Since => _since;

    /// <summary>Whether it is still at <paramref name="now"/> after a decision.</summary>
    public bool Is(in PrecopyDecision decision, double now)
    {
        var expected = decision.Forecast.Known ? decision.Forecast.Total.Expected.TotalSeconds : double.MaxValue;
        _passes++;
        if (expected < 0.99 * _best)
        {
            (_best, _since, _passes) = (expected, now, 0);
            return false;
        }
        return _passes >= LeastPasses && now - _since > Math.Max(Least, Rounds * guestsRound);
    }

    /// <summary>The guest does otherwise from now on.</summary>
    public void Restart(double now) => (_best, _since, _passes) = (double.PositiveInfinity, now, 0);
}
