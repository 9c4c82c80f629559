namespace DataPlane.Control.Timeline;

/// <summary>
/// All straight lines (the destination's lead over the source's time) that a set of bounds leaves: below every upper bound, above every
/// lower one, and no steeper than two kernels may make their clocks differ. Two points of opposite kind bound the slope; the extremes at a
/// time are those of a concave and a convex function of the slope.
/// </summary>
/// <param name="origin">Where times are counted from, so that differences are small numbers.</param>
/// <param name="lead">Where leads are counted from.</param>
internal sealed class ClockLines(long origin, long lead)
{
    /// <summary>A kernel slews its monotonic clock by 500 ppm at most when it is disciplined in the usual way: two of them, against each other.</summary>
    public const double MostRate = 1e-3;

    /// <summary>By how much a rate may change within the window, as a crystal warms up: 0.1 ppm, so a bound gives way by 100 ns for each second of its age.</summary>
    private const double Wander = 1e-7;

    // The slope is found to 2e-3 * (2/3)^80 = 2e-17: far below a nanosecond in ten seconds.
    private const int Rounds = 80;

    private readonly List<(double X, double Y)> _upper = [];
    private readonly List<(double X, double Y)> _lower = [];
    private double _leastRate = -MostRate;
    private double _mostRate = MostRate;

    /// <summary>Whether there is a bound on either side.</summary>
    public bool IsBounded => _upper.Count > 0 && _lower.Count > 0;

    /// <summary>Takes a bound. False, and nothing changes, when no line would be left.</summary>
    public bool TryAdd(ClockBound bound)
    {
        double x = bound.At - origin, y = bound.Offset - lead;
        y += (bound.IsUpper ? Wander : -Wander) * Math.Abs(x);
        var (least, most) = (_leastRate, _mostRate);
        foreach (var other in bound.IsUpper ? _lower : _upper)
        {
            var (run, rise) = bound.IsUpper ? (x - other.X, y - other.Y) : (other.X - x, other.Y - y);
            if (run > 0) most = Math.Min(most, rise / run);
            else if (run < 0) least = Math.Max(least, rise / run);
            else if (rise < 0) return false;
            if (least > most) return false;
        }
        (_leastRate, _mostRate) = (least, most);
        (bound.IsUpper ? _upper : _lower).Add((x, y));
        return true;
    }

    /// <summary>Takes both or, when no line would be left, neither.</summary>
    public bool TryAdd(ClockBound upper, ClockBound lower)
    {
        var before = (_leastRate, _mostRate);
        if (!TryAdd(upper)) return false;
        if (TryAdd(lower)) return true;
        _upper.RemoveAt(_upper.Count - 1);
        (_leastRate, _mostRate) = before;
        return false;
    }

    /// <summary>The line in the middle of those that are furthest apart at both times, and how far any of them is from it there.</summary>
    public (double Lead, double Rate, double Error) Middle(long from, long to)
    {
        double x = from - origin, end = to - origin;
        Span<(double Lead, double Rate)> extremes = [Extreme(x, highest: true), Extreme(x, highest: false), Extreme(end, highest: true), Extreme(end, highest: false)];
        double rate = 0, at = 0;
        for (var i = 0; i < extremes.Length; i++)
        {
            rate += extremes[i].Rate / extremes.Length;
            at += (extremes[i].Lead - (i < 2 ? 0 : extremes[i].Rate * (end - x))) / extremes.Length; // Each at the first time.
        }
        var atEnd = at + (rate * (end - x));
        // In between no line is further away than at one of the ends, since distances from a line are straight too.
        var error = Math.Max(
            Math.Max(extremes[0].Lead - at, at - extremes[1].Lead), Math.Max(extremes[2].Lead - atEnd, atEnd - extremes[3].Lead));
        return (at, rate, Math.Max(0, error));
    }

    private (double Lead, double Rate) Extreme(double x, bool highest)
    {
        var points = highest ? _upper : _lower;
        var sign = highest ? 1 : -1;
        var (least, most) = (_leastRate, _mostRate);
        for (var round = 0; round < Rounds; round++)
        {
            double third = (most - least) / 3, low = least + third, high = most - third;
            if (sign * Bound(points, x, low, sign) < sign * Bound(points, x, high, sign)) least = low;
            else most = high;
        }
        var rate = (least + most) / 2;
        return (Bound(points, x, rate, sign), rate);
    }

    /// <summary>How high (sign 1) or low (-1) a line of this slope may be at x.</summary>
    private static double Bound(List<(double X, double Y)> points, double x, double rate, int sign)
    {
        var bound = double.PositiveInfinity;
        foreach (var point in points) bound = Math.Min(bound, sign * (point.Y + (rate * (x - point.X))));
        return sign * bound;
    }
}
