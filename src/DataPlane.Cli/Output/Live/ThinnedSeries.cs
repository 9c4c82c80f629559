namespace DataPlane.Cli.Output.Live;

/// <summary>
/// A value over all of a time, in at most so many points, each the mean of an equal stretch. When there would be more, two become one and each stretch is twice as
/// long. Not for several threads.
/// </summary>
internal sealed class ThinnedSeries(int most, TimeSpan shortest)
{
    private readonly List<double> _points = [];
    private TimeSpan _stretch = shortest;
    private TimeSpan _end = shortest;
    private double _sum;
    private int _count;

    /// <summary>The stretches that have ended.</summary>
    public IReadOnlyList<double> Points => _points;

    /// <summary>A value at a time that is not before those of the ones added already.</summary>
    public void Add(TimeSpan at, double value)
    {
        while (at >= _end)
        {
            if (_count > 0 || _points.Count > 0) _points.Add(_count > 0 ? _sum / _count : _points[^1]);
            (_sum, _count) = (0, 0);
            if (_points.Count == most) Thin();
            _end += _stretch;
        }
        _sum += value;
        _count++;
    }

    private void Thin()
    {
        var half = _points.Chunk(2).Select(pair => pair.Average()).ToList();
        _points.Clear();
        _points.AddRange(half);
        _stretch *= 2;
    }
}
