namespace DataPlane.Control.Forecast;

/// <summary>
/// What it costs the channels to get rid of dirty memory: so much for each stripe that has any, and so much for each page. Both are fitted
/// to the passes by least squares, older passes counting less. Whatever slows a channel is in it, waiting for the socket too. Pure.
/// </summary>
/// <remarks>
/// A pass of whole stripes tells the price of a page; passes of scattered pages tell that of a stripe. Where only one kind has been seen the
/// two cannot be told apart: then all is put on the pages, as long as the next pass looks like the last that is as good.
/// </remarks>
internal sealed class FrameCost
{
    // A pass counts half as much after two more: the guest's habits and the machine's load are of the last passes.
    private const double Kept = 0.7;

    private double _stripesStripes, _stripesPages, _pagesPages, _stripesTime, _pagesTime;

    /// <summary>Seconds of a channel's time per stripe with dirty pages.</summary>
    public double PerStripe { get; private set; }

    /// <summary>Seconds of a channel's time per page.</summary>
    public double PerPage { get; private set; }

    /// <summary>Whether any pass has been seen.</summary>
    public bool Known { get; private set; }

    /// <summary>A pass took <paramref name="time"/> of all channels' time together for so many stripes and pages.</summary>
    public void Add(long stripes, long pages, TimeSpan time)
    {
        if (pages <= 0 || time <= TimeSpan.Zero) return;
        // Relative errors are what matters, so a pass weighs the same whatever its size.
        var seconds = time.TotalSeconds;
        double s = stripes / seconds, p = pages / seconds;
        _stripesStripes = (Kept * _stripesStripes) + (s * s);
        _stripesPages = (Kept * _stripesPages) + (s * p);
        _pagesPages = (Kept * _pagesPages) + (p * p);
        _stripesTime = (Kept * _stripesTime) + s;
        _pagesTime = (Kept * _pagesTime) + p;
        Known = true;
        Solve();
    }

    /// <summary>What so many stripes and pages take, spread over <paramref name="channels"/>.</summary>
    public TimeSpan Of(double stripes, double pages, int channels) =>
        TimeSpan.FromSeconds(Math.Min(((stripes * PerStripe) + (pages * PerPage)) / Math.Max(1, Math.Min(channels, stripes)), 1e6));

    private void Solve()
    {
        var determinant = (_stripesStripes * _pagesPages) - (_stripesPages * _stripesPages);
        if (determinant > 1e-3 * _stripesStripes * _pagesPages)
        {
            PerStripe = ((_pagesPages * _stripesTime) - (_stripesPages * _pagesTime)) / determinant;
            PerPage = ((_stripesStripes * _pagesTime) - (_stripesPages * _stripesTime)) / determinant;
            if (PerStripe >= 0 && PerPage >= 0) return;
            if (PerPage < 0)
            {
                (PerStripe, PerPage) = (_stripesTime / _stripesStripes, 0);
                return;
            }
        }
        (PerStripe, PerPage) = (0, _pagesTime / _pagesPages);
    }
}
