using System.Diagnostics;
using DataPlane.Control.Bandwidth;
using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Source;

/// <summary>
/// What the passes have taught, and the blackout that follows from it at any moment. The control loop adds; the forecast may be asked for from
/// any thread and is then of that moment: pages marked now, and those that the guest has dirtied since the sources were read.
/// </summary>
internal sealed class SourceForecast(SourceState state)
{
    private readonly object _gate = new();
    private readonly FrameCost _frames = new();
    private readonly DirtyModel _dirty = new();
    private readonly WireShare _share = new();
    private readonly ReadCost _sync = new();
    private CrewTotals _totals;
    private long _busyTicks;
    private long _readAt;
    private double _stripesPerPage = 1;
    private int _pagesPerFrame = PageGeometry.PagesPerStripe;

    /// <summary>Bytes per second that the probe has seen; null without one.</summary>
    public double? Probed { get; set; }

    /// <summary>How the guest dirties memory.</summary>
    public DirtyModel Dirty => _dirty;

    /// <summary>The rate that counts now.</summary>
    public CountedRate Rate
    {
        get
        {
            // What a link does at its limit is to be expected, not the best that was ever seen; where it was never the limit, what it did by the
            // time that the kernel attributes to it, or more.
            var seen = state.Bandwidth;
            var measured = seen.Link.Smoothed ?? (seen.Attributed.Smoothed > seen.BytesPerSecond ? seen.Attributed.Smoothed : seen.BytesPerSecond);
            return SwitchoverBandwidth.Choose(state.Options.AvailSwitchoverBytesPerSecond, Probed, state.Costs.AchievedBytesPerSecond, measured, seen.IsCapped);
        }
    }

    /// <summary>Bytes on the wire for a byte of memory.</summary>
    public double WireBytesPerByte
    {
        get
        {
            lock (_gate) return Math.Min(1, (_share.BytesPerPage ?? PageGeometry.PageSize) / PageGeometry.PageSize);
        }
    }

    /// <summary>The sources have been read, which needed <paramref name="syncCpu"/> of a CPU: a pass has ended.</summary>
    public void PassEnded(in DirtyCount found, TimeSpan syncCpu)
    {
        var crew = state.Crew!;
        var totals = CrewTotals.Of(crew);
        long busy = 0;
        foreach (var channel in crew.Channels) busy += channel.Counters.BusyTicks;
        lock (_gate)
        {
            var pages = totals.Pages + totals.ZeroPages - _totals.Pages - _totals.ZeroPages;
            var sentFrames = totals.Frames - _totals.Frames;
            // Compressed or not is for the user, the channels and the pages to say, and the next pass is most like the last.
            if (pages > 0) _pagesPerFrame = totals.EncodedPages - _totals.EncodedPages > pages / 2 ? FrameChecks.MaxEncodedPages : PageGeometry.PagesPerStripe;
            _share.Add(totals.WireBytes - _totals.WireBytes - (sentFrames * FrameHeader.Size), pages);
            if (state.Bandwidth.LastCause != LimitCause.Cap) _frames.Add(sentFrames, pages, Stopwatch.GetElapsedTime(0, busy - _busyTicks));
            _dirty.Add(found.Added * PageGeometry.PageSize, TimeSpan.FromSeconds(found.ExposureTicks / Stopwatch.Frequency));
            _sync.Add(syncCpu);
            _totals = totals;
            _busyTicks = busy;
            _readAt = state.Clock.Nanoseconds;
            if (found.Pages > 0) _stripesPerPage = (double)found.Stripes / found.Pages;
        }
    }

    /// <summary>The blackout, were the guest stopped now.</summary>
    public BlackoutForecast Now() => Of(state.Bitmap.Count());

    /// <summary>The blackout with so many pages marked.</summary>
    public BlackoutForecast Of(long markedPages)
    {
        var rate = Rate;
        var (roundTrip, fastest) = state.Return?.RoundTrip ?? default;
        var channels = state.Crew?.Channels.Count ?? 1;
        lock (_gate)
        {
            // The guest runs for about half of the time that stopping takes.
            var ahead = state.Since(_readAt) + (state.Costs.Stop.Estimate.Expected / 2);
            var unseen = _readAt == 0 ? 0 : _dirty.NewBytesAfter(ahead) / PageGeometry.PageSize;
            var pages = Math.Min(state.Memory.PageCount, markedPages + unseen);
            return BlackoutForecast.Of(new ForecastInput
            {
                DirtyPages = pages,
                DirtyStripes = Math.Min(state.Memory.StripeCount, pages * _stripesPerPage),
                PagesPerFrame = _pagesPerFrame,
                WireBytesPerPage = _share.BytesPerPage ?? PageGeometry.PageSize,
                StateBytes = state.Sections.Sum(section => section.Declared.Size),
                Rate = rate,
                RateIsLinks = rate.Origin != "measured" || state.Bandwidth.Link.Smoothed is not null || state.Bandwidth.Attributed.Smoothed is not null,
                Frames = rate.Origin == "measured" ? _frames : null,
                Channels = channels,
                Sync = _sync.Estimate,
                RoundTrip = roundTrip,
                FastestRoundTrip = fastest,
                Save = Sum(section => state.Costs.Save(section.Id, section.SaveTime, section.Size)),
                Load = Sum(section => state.Costs.Load(section.Id, section.LoadTime, section.Size)),
                Costs = state.Costs,
            });
        }
    }

    private Estimate Sum(Func<Host.DeviceSection, Estimate> of) =>
        state.Sections.Aggregate(Estimate.Zero, (sum, section) => sum + of(section.Declared));
}
