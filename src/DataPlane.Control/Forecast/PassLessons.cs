using DataPlane.Control.Convergence;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Control.Forecast;

/// <summary>
/// What the passes teach of the guest and of the channels, and the blackout that follows from it: what pages cost and weigh, how the guest dirties them,
/// what a read of the dirty sources takes. Pure; not for several threads.
/// </summary>
internal sealed class PassLessons
{
    private readonly FrameCost _frames = new();
    private readonly FrameCost _firstFrames = new();
    private readonly WireShare _share = new();
    private readonly ReadCost _sync = new();
    private double _stripesPerPage = 1;
    private int _pagesPerFrame = PageGeometry.PagesPerStripe;
    private bool _any;

    /// <summary>How the guest dirties memory.</summary>
    public DirtyModel Dirty { get; } = new();

    /// <summary>Bytes on the wire for a byte of memory.</summary>
    public double WireBytesPerByte => Math.Min(1, (_share.BytesPerPage ?? PageGeometry.PageSize) / PageGeometry.PageSize);

    /// <summary>A pass has ended.</summary>
    public void Add(in PassFigures pass)
    {
        // Compressed or not is for the user, the channels and the pages to say, and the next pass is most like the last.
        if (pass.Pages > 0) _pagesPerFrame = pass.EncodedPages > pass.Pages / 2 ? FrameChecks.MaxEncodedPages : PageGeometry.PagesPerStripe;
        _share.Add(pass.WireBytes - (pass.Frames * FrameHeader.Size), pass.Pages);
        if (!pass.IsCapped) (pass.IsFirst ? _firstFrames : _frames).Add(pass.Frames, pass.Pages, pass.Busy);
        Dirty.Add(pass.Found.Added * PageGeometry.PageSize, pass.Exposure);
        _sync.Add(pass.SyncCpu);
        if (pass.Found.Pages > 0) _stripesPerPage = (double)pass.Found.Stripes / pass.Found.Pages;
        _any = true;
    }

    /// <summary>
    /// The blackout with <paramref name="markedPages"/> marked by a read that was <paramref name="ago"/>; <paramref name="now"/> has all else, and gets what is
    /// learned here put in.
    /// </summary>
    public BlackoutForecast Blackout(long markedPages, TimeSpan ago, long memoryPages, long memoryStripes, in ForecastInput now)
    {
        // The guest runs for about half of the time that stopping takes.
        var unseen = _any ? Dirty.NewBytesAfter(ago + (now.Costs.Stop.Estimate.Expected / 2)) / PageGeometry.PageSize : 0;
        var pages = Math.Min(memoryPages, markedPages + unseen);
        return BlackoutForecast.Of(now with
        {
            DirtyPages = pages,
            DirtyStripes = Math.Min(memoryStripes, pages * _stripesPerPage),
            PagesPerFrame = _pagesPerFrame,
            WireBytesPerPage = _share.BytesPerPage ?? PageGeometry.PageSize,
            Frames = now.Rate.Origin == "measured" ? _frames : null,
            FirstFrames = now.Rate.Origin == "measured" ? _firstFrames : null,
            Sync = _sync.Estimate,
        });
    }
}
