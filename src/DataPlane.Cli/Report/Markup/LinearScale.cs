namespace DataPlane.Cli.Report.Markup;

/// <summary>From values between 0 and <paramref name="most"/> to positions in a drawing; values outside lie on its edge.</summary>
internal sealed class LinearScale(double most, double from, double to)
{
    private readonly double _most = double.IsFinite(most) && most > 0 ? most : 1;

    public double At(double value) => from + ((to - from) * (double.IsNaN(value) ? 0 : Math.Clamp(value / _most, 0, 1)));

    /// <summary>Some five round values from 0 on: powers of two apart for bytes, else 1, 2 or 5 times a power of ten.</summary>
    public IEnumerable<double> Ticks(bool binary)
    {
        var rough = _most / 5;
        var power = binary ? Math.Pow(2, Math.Ceiling(Math.Log2(rough))) : Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var distance = binary ? power : power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        if (!double.IsFinite(distance) || distance <= 0) return [0]; // At the ends of what a number can be.
        return Enumerable.Range(0, 1 + (int)Math.Floor((_most / distance) + 1e-9)).Select(i => i * distance);
    }
}
