namespace DataPlane.Cli.Report.Markup;

/// <summary>From values between 0 and <paramref name="most"/> to positions in a drawing; values outside lie on its edge.</summary>
internal sealed class LinearScale(double most, double from, double to)
{
    private readonly double _most = double.IsFinite(most) && most > 0 ? most : 1;

    public double At(double value) => from + ((to - from) * (double.IsNaN(value) ? 0 : Math.Clamp(value / _most, 0, 1)));

    /// <summary>
    /// Some four round values from 0 on. Round means 1, 2 or 5 times a power of ten, of the unit that fits: units are <paramref name="step"/> apart,
    /// 1024 for bytes, and the next one serves from 1000 on, as in the labels.
    /// </summary>
    public IEnumerable<double> Ticks(double step)
    {
        var unit = 1.0;
        while (_most >= unit * 1000 && unit < double.MaxValue / step / step) unit *= step;
        var rough = _most / unit / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var distance = unit * power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        if (!double.IsFinite(distance) || distance <= 0) return [0];
        return Enumerable.Range(0, 1 + (int)Math.Floor((_most / distance) + 1e-9)).Select(i => i * distance);
    }
}
