using System.Diagnostics;
using DataPlane.Control.Bandwidth;
using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Core.Dirty;

namespace DataPlane.Source;

/// <summary>
/// What the passes have taught, and the blackout that follows from it at any moment. The control loop adds; the forecast may be asked for from
/// any thread and is then of that moment: pages marked now, and those that the guest has dirtied since the sources were read.
/// </summary>
internal sealed class SourceForecast(SourceState state)
{
    private readonly object _gate = new();
    private readonly PassLessons _lessons = new();
    private CrewTotals _totals;
    private long _busyTicks;
    private long _readAt;

    /// <summary>Bytes per second that the probe has seen; null without one.</summary>
    public double? Probed { get; set; }

    /// <summary>How the guest dirties memory.</summary>
    public DirtyModel Dirty => _lessons.Dirty;

    /// <summary>The rate that counts now.</summary>
    public CountedRate Rate => SwitchoverBandwidth.Choose(
        state.Options.AvailSwitchoverBytesPerSecond, Probed, state.Costs.AchievedBytesPerSecond, state.Bandwidth.Expected, state.Bandwidth.IsCapped);

    /// <summary>Bytes on the wire for a byte of memory.</summary>
    public double WireBytesPerByte
    {
        get
        {
            lock (_gate) return _lessons.WireBytesPerByte;
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
            _lessons.Add(new PassFigures(
                totals.Frames - _totals.Frames, totals.Pages + totals.ZeroPages - _totals.Pages - _totals.ZeroPages, totals.WireBytes - _totals.WireBytes,
                Stopwatch.GetElapsedTime(0, busy - _busyTicks), state.Bandwidth.LastCause == LimitCause.Cap, found,
                TimeSpan.FromSeconds(found.ExposureTicks / Stopwatch.Frequency), syncCpu)
            {
                EncodedPages = totals.EncodedPages - _totals.EncodedPages,
                IsFirst = _readAt == 0 && !state.IsRetry,
            });
            _totals = totals;
            _busyTicks = busy;
            _readAt = state.Clock.Nanoseconds;
        }
    }

    /// <summary>The blackout, were the guest stopped now.</summary>
    public BlackoutForecast Now() => Of(state.Bitmap.Count());

    /// <summary>The blackout with so many pages marked.</summary>
    public BlackoutForecast Of(long markedPages)
    {
        var rate = Rate;
        var (roundTrip, fastest) = state.Return?.RoundTrip ?? default;
        lock (_gate)
        {
            return _lessons.Blackout(markedPages, state.Since(_readAt), state.Memory.PageCount, state.Memory.StripeCount, new ForecastInput
            {
                StateBytes = state.Sections.Sum(section => section.Declared.Size),
                Rate = rate,
                RateIsLinks = rate.Origin != "measured" || state.Bandwidth.IsLinks,
                Channels = state.Crew?.Channels.Count ?? 1,
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
