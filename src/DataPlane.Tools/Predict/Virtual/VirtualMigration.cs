using DataPlane.Control.Bandwidth;
using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Options;
using DataPlane.Tools.Predict.Memory;

namespace DataPlane.Tools.Predict.Virtual;

/// <summary>
/// A migration in virtual time: the decisions are the product's own (judge, lessons, bandwidth, throttle, pace of the reads), the guest is a <see cref="VirtualMemory"/>, the
/// channels are <see cref="VirtualChannels"/>. What a real one has beside them, chance, is left out.
/// </summary>
internal sealed class VirtualMigration
{
    // Acknowledgements come every 10 ms.
    private const double SampleSeconds = 0.01;

    // Telling the channels of a read, and hearing from the last: some ten wake-ups of a thread.
    private const double PassSeconds = 0.0004;

    // At 5 ms a pass that is an hour and a half.
    private const int MostPasses = 1_000_000;

    private readonly PredictOptions _options;
    private readonly VirtualMemory _memory;
    private readonly VirtualChannels _channels;
    private readonly BandwidthEstimator _bandwidth;
    private readonly PassLessons _lessons = new();
    private readonly SwitchoverCosts _costs;
    private readonly PrecopyJudge _judge;
    private readonly GuestThrottle _throttle = new();
    private readonly SyncPacer _pacer = new();
    private readonly VirtualPasses _passes = new();
    private readonly VirtualStillness _stillness;
    private readonly PrecopyAims _aims;
    private readonly double _timeout;
    private double _now;
    private double _passStart;
    private bool _hasSynced;
    private double _passPages;
    private SentPages _sent;
    private SentPages _sample;
    private SentPages _all;
    private double _idle;
    private double? _stillSince;

    public VirtualMigration(PredictOptions options)
    {
        _options = options;
        _now = options.Machine.Setup.TotalSeconds;
        var guest = options.Guest;
        _memory = guest.Trace is null ? new PatternMemory(guest, _now) : new TraceMemory(guest, _now);
        _channels = new VirtualChannels(options);
        _bandwidth = new BandwidthEstimator(_channels.Count);
        _costs = VirtualCosts.Of(options);
        _judge = new PrecopyJudge(_lessons.Dirty);
        _stillness = new VirtualStillness(guest.Trace?.Duration.TotalSeconds ?? (guest.Pattern == PredictPattern.Burst ? 1 : 0));
        var wanted = options.Migration;
        _timeout = wanted.Timeout.TotalSeconds;
        _aims = new PrecopyAims(
            wanted.DowntimeLimit, wanted.HardLimit, wanted.Timeout, wanted.OnTimeout == TimeoutPolicy.Force,
            wanted.OnStall == StallHandling.Ask ? StallPolicy.Wait : (StallPolicy)wanted.OnStall);
    }

    public VirtualOutcome Run()
    {
        _passStart = _now;
        _passPages = Remaining();
        while (true)
        {
            Walk();
            Wait(_pacer.Wait(Span(_now - _passStart)).TotalSeconds);
            var decision = Sync();
            if (decision.Verdict is PrecopyVerdict.Switch or PrecopyVerdict.Force)
            {
                Fence();
                if (decision.Verdict != PrecopyVerdict.Force) decision = Sync(fenced: true);
            }
            if (decision.Verdict != PrecopyVerdict.Continue) return Outcome(decision);
            if (_stillness.Is(decision, _now) || _passes.Count >= MostPasses) return Outcome(Leap());
        }
    }

    /// <summary>Nothing will be otherwise until the time allowed is up: what is left then is what was left now.</summary>
    private PrecopyDecision Leap()
    {
        _stillSince = _stillness.Since;
        _now = Math.Max(_now, _timeout);
        return Decide((long)Math.Round(_passPages), fenced: false);
    }

    private void Walk()
    {
        for (var segment = 0; segment < _memory.SegmentCount && _now < _timeout; segment++)
        {
            if (_memory.Marked(segment) < 1e-6) continue;
            var sent = _channels.Send(_memory.Claim(segment, _now));
            _now += sent.Seconds;
            _sent += sent;
            _sample += sent;
            if (_sample.Seconds >= SampleSeconds) Acknowledge();
        }
        Acknowledge();
    }

    private void Wait(double seconds)
    {
        seconds += PassSeconds;
        _now += seconds;
        _idle += seconds * _channels.Count;
    }

    private void Acknowledge()
    {
        if (_sample.Seconds <= 0) return;
        _all += _sample;
        _bandwidth.Add((long)_sample.WireBytes, Span(_sample.Seconds), throughout: true, new StreamActivity(
            _channels.Count, Span(_all.OnLink), TimeSpan.Zero, Span(_all.InCalls), Span(_idle), Span(_all.Capped), _channels.Codec != PageCompression.None));
        _sample = default;
    }

    private PrecopyDecision Sync(bool fenced = false)
    {
        var start = _now;
        var cost = _options.Machine.SyncUs * 1e-6;
        var found = _memory.Sync(start);
        _pacer.Read(Span(cost));
        _now += cost;
        var throttle = _throttle.Percent;
        _lessons.Add(new PassFigures(
            (long)Math.Ceiling(_sent.Frames), (long)Math.Round(_sent.Normal + _sent.Zero), (long)_sent.WireBytes, Span(_sent.Seconds * _channels.Count),
            _bandwidth.LastCause == LimitCause.Cap,
            new DirtyCount((long)Math.Round(found.Pages), (int)Math.Ceiling(found.Stripes), (long)Math.Round(found.Added), found.ExposureSeconds),
            Span(found.ExposureSeconds), Span(cost)) { EncodedPages = (long)Math.Round(_sent.Encoded), IsFirst = !_hasSynced });
        _hasSynced = true;
        var decision = Decide((long)Math.Round(found.Pages), fenced);
        _passes.End(_passPages, _sent, start - _passStart, cost, found, decision, throttle);
        _sent = default;
        (_passStart, _passPages) = (_now, found.Pages);
        if (decision.Verdict == PrecopyVerdict.Continue) Throttle();
        return decision;
    }

    private PrecopyDecision Decide(long pages, bool fenced)
    {
        var rate = SwitchoverBandwidth.Choose(_options.Migration.AvailSwitchoverBytesPerSecond, null, null, _bandwidth.Expected, _bandwidth.IsCapped);
        return _judge.Decide(
            new PrecopyEnd
            {
                RemainingBytes = pages * PageGeometry.PageSize,
                MemoryBytes = _options.Guest.MemoryBytes,
                Forecast = _lessons.Blackout(pages, TimeSpan.Zero, _memory.PageCount, _memory.StripeCount, Input(rate)),
                // In the reasons it is told as what it is: nothing was measured.
                Rate = rate.Origin == "measured" ? rate with { Origin = "expected" } : rate,
                MeasuredBytesPerSecond = _bandwidth.BytesPerSecond,
                WireBytesPerByte = _lessons.WireBytesPerByte,
                Elapsed = Span(_now),
                Fenced = fenced,
                ThrottleExhausted = _throttle.Exhausted,
            },
            _aims);
    }

    private ForecastInput Input(CountedRate rate)
    {
        var guest = _options.Guest;
        var trip = _options.Link.RoundTrip;
        return new ForecastInput
        {
            StateBytes = guest.DeviceStateBytes,
            Rate = rate,
            RateIsLinks = rate.Origin != "measured" || _bandwidth.IsLinks,
            Channels = _channels.Count,
            RoundTrip = new Estimate(trip, trip / 5),
            FastestRoundTrip = trip,
            Save = _costs.Save("devices", guest.DeviceSaveTime, guest.DeviceStateBytes),
            Load = _costs.Load("devices", guest.DeviceLoadTime, guest.DeviceStateBytes),
            Costs = _costs,
        };
    }

    private void Throttle()
    {
        if (_aims.OnStall != StallPolicy.Throttle) return;
        var rate = SwitchoverBandwidth.Choose(_options.Migration.AvailSwitchoverBytesPerSecond, null, null, _bandwidth.Expected, _bandwidth.IsCapped);
        if (!_throttle.Decide(_judge.Trend, _lessons.Dirty.BytesPerSecond ?? 0, rate.BytesPerSecond ?? 0, Span(_now))) return;
        _memory.Throttle(_throttle.Percent, _now);
        _stillness.Restart(_now);
    }

    /// <summary>The channels go on until the rehearsal is over; then the fence goes over behind all that was sent, and its answer comes back.</summary>
    private void Fence()
    {
        // Channels that encode leave the rehearsal less of the cores.
        var ready = _options.Machine.Rehearsal.TotalSeconds * (_channels.Codec == PageCompression.None ? 1 : 2);
        Walk();
        if (_now < ready) Wait(ready - _now);
        Wait(_options.Link.RoundTrip.TotalSeconds);
    }

    private double Remaining()
    {
        double pages = 0;
        for (var segment = 0; segment < _memory.SegmentCount; segment++) pages += _memory.Marked(segment);
        return pages;
    }

    private VirtualOutcome Outcome(PrecopyDecision decision)
    {
        var moves = decision.Verdict is PrecopyVerdict.Switch or PrecopyVerdict.Force;
        return new VirtualOutcome
        {
            Decision = decision,
            Passes = _passes.All,
            Total = Span(_now) + (moves ? decision.Forecast.Total.Expected : TimeSpan.Zero),
            Trend = _judge.Trend,
            Throttle = _throttle.Percent,
            Bottleneck = _bandwidth.Bottleneck is { } cause ? (cause == LimitCause.Link ? "network" : cause.ToString().ToLowerInvariant()) : null,
            Codec = _channels.Codec,
            StillSince = _stillSince is { } since ? Span(since) : null,
        };
    }

    private static TimeSpan Span(double seconds) => TimeSpan.FromSeconds(seconds);
}
