namespace DataPlane.Cli.Report.Markup;

/// <summary>From values between <paramref name="least"/> and <paramref name="most"/> to positions in a drawing; values outside lie on its edge.</summary>
internal sealed class LinearScale(double least, double most, double from, double to)
{
    private readonly double _least = double.IsFinite(least) ? least : 0;
    private readonly double _span = double.IsFinite(most - least) && most > least ? most - least : 1;

    /// <summary>From 0 on.</summary>
    public LinearScale(double most, double from, double to)
        : this(0, most, from, to)
    {
    }

    public double At(double value) => from + ((to - from) * (double.IsNaN(value) ? 0 : Math.Clamp((value - _least) / _span, 0, 1)));

    /// <summary>Some five round values: powers of two apart for bytes, else 1, 2 or 5 times a power of ten.</summary>
    public IEnumerable<double> Ticks(bool binary)
    {
        var rough = _span / 5;
        var power = binary ? Math.Pow(2, Math.Ceiling(Math.Log2(rough))) : Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var distance = binary ? power : power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        var first = Math.Ceiling((_least / distance) - 1e-9);
        if (!double.IsFinite(distance) || distance <= 0 || Math.Abs(first) > 1e9) return [_least]; // At the ends of what a number can be.
        return Enumerable.Range(0, 1 + (int)Math.Clamp(Math.Floor(((_least + _span) / distance) + 1e-9) - first, 0, 20)).Select(i => (first + i) * distance);
    }
}
