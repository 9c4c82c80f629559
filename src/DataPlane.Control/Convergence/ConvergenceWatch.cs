namespace DataPlane.Control.Convergence;

/// <summary>
/// Tells from what is left after each pass whether the passes get anywhere. Stalled: the smoothed rest has not fallen by a twentieth for two
/// seconds and eight passes. Hopeless: besides, the passes come to rest (see <see cref="DirtyModel.RestingBytes"/>) at a quarter more than
/// fits. Pure; not for several threads.
/// </summary>
/// <remarks>
/// Two seconds see a guest that writes in bursts of a second in its quiet, too. Until then it is called converging: a policy that throttles
/// or cancels must not act on a single bad pass.
/// </remarks>
internal sealed class ConvergenceWatch
{
    private const int LeastPasses = 8;
    private const double Newest = 0.3;
    private const double Fall = 0.95;
    private const double Margin = 1.25;
    private static readonly TimeSpan While = TimeSpan.FromSeconds(2);

    private double _smoothed = double.NaN;
    private double _best = double.PositiveInfinity;
    private TimeSpan _fellAt;
    private int _passesSince;
    private int _passes;
    private double _lowest = double.PositiveInfinity;
    private double _highest;

    /// <summary>Where the passes are going.</summary>
    public ConvergenceTrend Trend { get; private set; }

    /// <summary>Since when nothing has fallen.</summary>
    public TimeSpan NotFallenFor { get; private set; }

    /// <summary>
    /// Whether the last pass left about as little as any since the stall began: within a tenth of the way from the least to the most.
    /// Eight passes have to have been seen, which is what makes it a minimum.
    /// </summary>
    public bool AtMinimum { get; private set; }

    /// <summary>A pass has left <paramref name="leftBytes"/>; endless ones would leave <paramref name="restingBytes"/>, and <paramref name="fittingBytes"/> fit.</summary>
    public void Add(double leftBytes, double restingBytes, double fittingBytes, TimeSpan now)
    {
        _passes++;
        _smoothed = double.IsNaN(_smoothed) ? leftBytes : _smoothed + (Newest * (leftBytes - _smoothed));
        if (_smoothed < Fall * _best)
        {
            (_best, _fellAt, _passesSince) = (_smoothed, now, 0);
            (_lowest, _highest) = (double.PositiveInfinity, 0);
        }
        else
        {
            _passesSince++;
            (_lowest, _highest) = (Math.Min(_lowest, leftBytes), Math.Max(_highest, leftBytes));
        }
        NotFallenFor = now - _fellAt;
        var stalled = _passesSince >= LeastPasses && NotFallenFor >= While;
        Trend = !stalled ? (_passes > 1 ? ConvergenceTrend.Converging : ConvergenceTrend.Unknown)
            : restingBytes > Margin * fittingBytes ? ConvergenceTrend.Hopeless : ConvergenceTrend.Stalled;
        AtMinimum = _passesSince >= LeastPasses && leftBytes <= _lowest + (0.1 * (_highest - _lowest));
    }

    /// <summary>Something has changed (a limit, a throttle): the watch begins anew, as what was seen says nothing of what is to come.</summary>
    public void Restart(TimeSpan now)
    {
        (_best, _fellAt, _passesSince, _smoothed) = (double.PositiveInfinity, now, 0, double.NaN);
        (_lowest, _highest) = (double.PositiveInfinity, 0);
        Trend = ConvergenceTrend.Unknown;
        AtMinimum = false;
    }
}
