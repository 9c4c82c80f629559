using DataPlane.Core.Memory;

namespace DataPlane.Tools.Predict.Memory;

/// <summary>
/// A guest's memory in virtual time, in segments of whole stripes that the channels take one after the other: which pages are marked, and what is written meanwhile. The
/// guest has a clock of its own, which goes slower while it is slowed down. Times are seconds and never go back.
/// </summary>
internal abstract class VirtualMemory
{
    // A pass is worked out segment by segment, and the exposure of a page is as fine as that: a 128th of a pass.
    private const int MostSegments = 128;

    private readonly double[] _clearedAt;
    private readonly double[] _clearedInGuest;
    private double _now;
    private double _guest;
    private double _speed = 1;

    protected VirtualMemory(PredictGuest guest, double start)
    {
        Guest = guest;
        PageCount = guest.MemoryBytes / PageGeometry.PageSize;
        StripeCount = (PageCount + PageGeometry.PagesPerStripe - 1) / PageGeometry.PagesPerStripe;
        var stripes = (StripeCount + MostSegments - 1) / MostSegments;
        SegmentPages = stripes * PageGeometry.PagesPerStripe;
        SegmentCount = (int)((PageCount + SegmentPages - 1) / SegmentPages);
        _clearedAt = new double[SegmentCount];
        _clearedInGuest = new double[SegmentCount];
        Array.Fill(_clearedAt, start);
        (_now, LastRead) = (start, start);
    }

    public long PageCount { get; }

    public long StripeCount { get; }

    public int SegmentCount { get; }

    /// <summary>Pages in each segment but the last.</summary>
    public long SegmentPages { get; }

    public long PagesIn(int segment) => Math.Min(SegmentPages, PageCount - (segment * SegmentPages));

    protected PredictGuest Guest { get; }

    /// <summary>When the sources were last read, and the guest's clock then.</summary>
    protected double LastRead { get; private set; }

    protected double LastReadInGuest { get; private set; }

    /// <summary>From now on the guest is kept from its work for so much of the time.</summary>
    public void Throttle(int percent, double at)
    {
        _ = GuestTime(at);
        _speed = 1 - (percent / 100.0);
    }

    /// <summary>Pages marked in <paramref name="segment"/>.</summary>
    public abstract double Marked(int segment);

    /// <summary>Takes all marked pages of <paramref name="segment"/>.</summary>
    public ClaimedPages Claim(int segment, double at)
    {
        var guest = GuestTime(at);
        var claimed = Take(segment, guest);
        (_clearedAt[segment], _clearedInGuest[segment]) = (at, guest);
        return claimed;
    }

    /// <summary>Reads the dirty sources.</summary>
    public VirtualCount Sync(double at)
    {
        var guest = GuestTime(at);
        Begin(guest);
        double pages = 0, stripes = 0, added = 0, exposure = 0;
        for (var segment = 0; segment < SegmentCount; segment++)
        {
            var news = Find(segment, guest);
            added += news;
            exposure += news * (at - Math.Max(_clearedAt[segment], LastRead));
            pages += Marked(segment);
            stripes += MarkedStripes(segment);
        }
        var count = new VirtualCount(pages, Math.Min(stripes, pages), added, added > 0 ? exposure / added : at - LastRead);
        (LastRead, LastReadInGuest) = (at, guest);
        return count;
    }

    protected abstract ClaimedPages Take(int segment, double guest);

    /// <summary>A read begins, of all that was written up to <paramref name="guest"/>.</summary>
    protected virtual void Begin(double guest)
    {
    }

    /// <summary>Marks what was written in <paramref name="segment"/> since the last read. Returns how many pages were not marked before.</summary>
    protected abstract double Find(int segment, double guest);

    protected abstract double MarkedStripes(int segment);

    /// <summary>The guest's clock when <paramref name="segment"/> was last cleared.</summary>
    protected double ClearedInGuest(int segment) => _clearedInGuest[segment];

    private double GuestTime(double at)
    {
        _guest += (Math.Max(at, _now) - _now) * _speed;
        _now = Math.Max(at, _now);
        return _guest;
    }
}
