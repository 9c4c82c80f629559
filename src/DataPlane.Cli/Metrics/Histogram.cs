namespace DataPlane.Cli.Metrics;

/// <summary>Values in classes of seconds, as Prometheus counts them: each class holds all that is not above its bound. Not for several threads.</summary>
internal sealed class Histogram
{
    // Blackouts of a millisecond to migrations of an hour, two or three classes to a power of ten.
    public static readonly double[] Bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600];

    private readonly long[] _upTo = new long[Bounds.Length];

    /// <summary>How many values are at most each bound.</summary>
    public ReadOnlySpan<long> UpTo => _upTo;

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public void Add(double value)
    {
        Count++;
        Sum += value;
        for (var i = 0; i < Bounds.Length; i++)
            if (value <= Bounds[i]) _upTo[i]++;
    }
}
