namespace DataPlane.Control.Forecast;

/// <summary>
/// What it costs the channels to get rid of dirty memory: so much for each frame, and so much for each page. Both are fitted
/// to the passes by least squares, older passes counting less. Whatever slows a channel is in it, waiting for the socket too. Pure.
/// </summary>
/// <remarks>
/// A pass of whole stripes tells the price of a page; passes of scattered pages tell that of a frame. Where only one kind has been seen the
/// two cannot be told apart: then all is put on the pages, as long as the next pass looks like the last that is as good.
/// </remarks>
internal sealed class FrameCost
{
    // A pass counts half as much after two more: the guest's habits and the machine's load are of the last passes.
    private const double Kept = 0.7;

    private double _framesFrames, _framesPages, _pagesPages, _framesTime, _pagesTime;

    /// <summary>Seconds of a channel's time per frame.</summary>
    public double PerFrame { get; private set; }

    /// <summary>Seconds of a channel's time per page.</summary>
    public double PerPage { get; private set; }

    /// <summary>Whether any pass has been seen.</summary>
    public bool Known { get; private set; }

    /// <summary>A pass took <paramref name="time"/> of all channels' time together for so many frames and pages.</summary>
    public void Add(long frames, long pages, TimeSpan time)
    {
        if (pages <= 0 || time <= TimeSpan.Zero) return;
        // Relative errors are what matters, so a pass weighs the same whatever its size.
        var seconds = time.TotalSeconds;
        double s = frames / seconds, p = pages / seconds;
        _framesFrames = (Kept * _framesFrames) + (s * s);
        _framesPages = (Kept * _framesPages) + (s * p);
        _pagesPages = (Kept * _pagesPages) + (p * p);
        _framesTime = (Kept * _framesTime) + s;
        _pagesTime = (Kept * _pagesTime) + p;
        Known = true;
        Solve();
    }

    /// <summary>What so many frames and pages take, spread over <paramref name="atOnce"/> channels: no more than there are stripes, since one channel sends a stripe.</summary>
    public TimeSpan Of(double frames, double pages, double atOnce) =>
        TimeSpan.FromSeconds(Math.Min(((frames * PerFrame) + (pages * PerPage)) / Math.Max(1, atOnce), 1e6));

    private void Solve()
    {
        var determinant = (_framesFrames * _pagesPages) - (_framesPages * _framesPages);
        if (determinant > 1e-3 * _framesFrames * _pagesPages)
        {
            PerFrame = ((_pagesPages * _framesTime) - (_framesPages * _pagesTime)) / determinant;
            PerPage = ((_framesFrames * _pagesTime) - (_framesPages * _framesTime)) / determinant;
            if (PerFrame >= 0 && PerPage >= 0) return;
            if (PerPage < 0)
            {
                (PerFrame, PerPage) = (_framesTime / _framesFrames, 0);
                return;
            }
        }
        (PerFrame, PerPage) = (0, _pagesTime / _pagesPages);
    }
}
