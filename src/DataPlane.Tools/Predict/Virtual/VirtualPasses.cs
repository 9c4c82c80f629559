using DataPlane.Control.Convergence;
using DataPlane.Results;
using DataPlane.Tools.Predict.Memory;

namespace DataPlane.Tools.Predict.Virtual;

/// <summary>The account of the passes, as a migration keeps it.</summary>
internal sealed class VirtualPasses
{
    // Thousands of passes of a guest that does not converge say the same; the table shows the first and the last.
    private const int MostKept = 4096;

    private readonly List<PassReport> _passes = [];

    public IReadOnlyList<PassReport> All => _passes;

    public int Count { get; private set; }

    public void End(double dirtyPages, in SentPages sent, double seconds, double syncSeconds, in VirtualCount found, in PrecopyDecision decision, int throttle)
    {
        Count++;
        if (_passes.Count == MostKept) _passes.RemoveAt(MostKept / 2);
        _passes.Add(new PassReport
        {
            Pass = Count,
            DirtyPages = Whole(dirtyPages),
            SentPages = Whole(sent.Normal),
            ZeroPages = Whole(sent.Zero),
            WireBytes = Whole(sent.WireBytes),
            DurationMs = seconds * 1e3,
            SyncMs = syncSeconds * 1e3,
            BandwidthBytesPerSecond = seconds > 0 ? sent.WireBytes / seconds : null,
            DirtyBytesPerSecond = found.ExposureSeconds > 0 ? found.Added * Core.Memory.PageGeometry.PageSize / found.ExposureSeconds : null,
            ExpectedDowntimeMs = decision.ExpectedDowntime?.TotalMilliseconds,
            Decision = Name(decision.Verdict),
            Reason = decision.Reason,
            CpuThrottlePercentage = throttle,
        });
    }

    private static long Whole(double expected) => (long)Math.Round(expected);

    private static string Name(PrecopyVerdict verdict) => verdict == PrecopyVerdict.GiveUp ? "give-up" : verdict.ToString().ToLowerInvariant();
}
