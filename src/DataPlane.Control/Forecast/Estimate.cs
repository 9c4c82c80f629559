namespace DataPlane.Control.Forecast;

/// <summary>A time that is expected, and the standard deviation of what then happens. Sums take the parts as independent.</summary>
internal readonly record struct Estimate(TimeSpan Expected, TimeSpan Deviation)
{
    public static Estimate Zero => default;

    /// <summary>Two standard deviations below, never less than nothing.</summary>
    public TimeSpan Low => Expected > Deviation * 2 ? Expected - (Deviation * 2) : TimeSpan.Zero;

    /// <summary>Two standard deviations above.</summary>
    public TimeSpan High => Expected + (Deviation * 2);

    public static Estimate operator +(Estimate a, Estimate b) => new(
        a.Expected + b.Expected,
        TimeSpan.FromMicroseconds(Math.Sqrt(Square(a.Deviation) + Square(b.Deviation))));

    /// <summary>Its deviation alone, for a sum that has its expected time already.</summary>
    public Estimate Spread => this with { Expected = TimeSpan.Zero };

    /// <summary>A time given in microseconds.</summary>
    public static Estimate Microseconds(double expected, double deviation) =>
        new(TimeSpan.FromMicroseconds(expected), TimeSpan.FromMicroseconds(deviation));

    private static double Square(TimeSpan time) => time.TotalMicroseconds * time.TotalMicroseconds;
}
