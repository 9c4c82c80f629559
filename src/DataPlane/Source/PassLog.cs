using DataPlane.Control.Convergence;
using DataPlane.Results;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>What the channels have done together, at one moment.</summary>
internal readonly record struct CrewTotals(long WireBytes, long Pages, long ZeroPages, long EncodedBytes)
{
    /// <summary>Frames of every kind.</summary>
    public long Frames { get; init; }

    /// <summary>Pages left out, since the host has discarded them.</summary>
    public long DiscardedPages { get; init; }

    /// <summary>Pages that were encoded.</summary>
    public long EncodedPages { get; init; }

    public static CrewTotals Of(ChannelCrew crew)
    {
        CrewTotals totals = default;
        foreach (var channel in crew.Channels)
        {
            ref readonly var counters = ref channel.Counters;
            totals = new CrewTotals(
                totals.WireBytes + counters.WireBytes, totals.Pages + counters.Pages, totals.ZeroPages + counters.ZeroPages,
                totals.EncodedBytes + counters.EncodedBytes)
            {
                Frames = totals.Frames + counters.Frames,
                EncodedPages = totals.EncodedPages + counters.EncodedPages,
                DiscardedPages = totals.DiscardedPages + counters.DiscardedPages,
            };
        }
        return totals;
    }
}

/// <summary>Keeps the account of the passes as they end.</summary>
internal sealed class PassLog(ChannelCrew crew)
{
    private readonly List<PassReport> _passes = [];
    private CrewTotals _atStart;

    public IReadOnlyList<PassReport> Passes => _passes;

    /// <summary>Ends a pass that began with <paramref name="dirtyPages"/> and dirtied <paramref name="dirtyRate"/> bytes per second anew.</summary>
    public void End(long dirtyPages, TimeSpan duration, TimeSpan sync, double? dirtyRate, PrecopyDecision? decision, int throttle = 0)
    {
        var now = CrewTotals.Of(crew);
        var wire = now.WireBytes - _atStart.WireBytes;
        _passes.Add(new PassReport
        {
            Pass = _passes.Count + 1,
            DirtyPages = dirtyPages,
            SentPages = now.Pages - _atStart.Pages,
            ZeroPages = now.ZeroPages - _atStart.ZeroPages,
            DiscardedPages = now.DiscardedPages - _atStart.DiscardedPages,
            WireBytes = wire,
            DurationMs = duration.TotalMilliseconds,
            SyncMs = sync.TotalMilliseconds,
            BandwidthBytesPerSecond = PerSecond(wire, duration),
            DirtyBytesPerSecond = dirtyRate,
            ExpectedDowntimeMs = decision?.ExpectedDowntime?.TotalMilliseconds,
            Decision = Name(decision?.Verdict),
            Reason = decision?.Reason,
            CpuThrottlePercentage = throttle,
        });
        _atStart = now;
    }

    /// <summary>The embedder has been asked about the last pass.</summary>
    public void Answered(PrecopyDecision decision) =>
        _passes[^1] = _passes[^1] with { Decision = Name(decision.Verdict), Reason = decision.Reason };

    /// <summary>A rate; null where no time has passed, since a result document holds no infinity.</summary>
    public static double? PerSecond(long? amount, TimeSpan time) => time > TimeSpan.Zero ? amount / time.TotalSeconds : null;

    private static string Name(PrecopyVerdict? verdict) => verdict switch
    {
        PrecopyVerdict.Continue => "continue",
        PrecopyVerdict.Switch => "switch",
        PrecopyVerdict.Force => "force",
        PrecopyVerdict.GiveUp => "give-up",
        PrecopyVerdict.Refuse => "refuse",
        PrecopyVerdict.Ask => "ask", // While the embedder thinks.
        _ => "final",
    };
}
