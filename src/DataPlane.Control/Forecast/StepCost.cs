namespace DataPlane.Control.Forecast;

/// <summary>
/// What a step costs, learned from what it has cost: mean and mean deviation, each moved by a quarter of what the new one is off. Until
/// the first a guess stands in, which the first replaces altogether. Not for several threads.
/// </summary>
internal sealed class StepCost(Estimate guess)
{
    private const double Newest = 0.25;

    // Of a normal distribution the mean deviation is 0.8 of the standard deviation.
    private const double StandardPerMean = 1.25;

    private Estimate _mean = guess;

    /// <summary>How often it has been measured.</summary>
    public int Count { get; private set; }

    public Estimate Estimate => _mean with { Deviation = _mean.Deviation * StandardPerMean };

    public void Add(TimeSpan cost)
    {
        _mean = Count++ == 0
            ? new Estimate(cost, cost / 2)
            : new Estimate(
                _mean.Expected + ((cost - _mean.Expected) * Newest),
                _mean.Deviation + (((cost - _mean.Expected).Duration() - _mean.Deviation) * Newest));
    }
}
