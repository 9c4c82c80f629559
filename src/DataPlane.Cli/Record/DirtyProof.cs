using System.Diagnostics;
using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Results;

namespace DataPlane.Cli.Record;

/// <summary>Shows that a guest which was to dirty its memory did so while it was migrated, and that it was seen. Counts from when it is made.</summary>
internal sealed class DirtyProof(IGuest guest, DirtyWitness witness, DirtyOrders orders)
{
    /// <summary>Writes that must have been due before none is worth a word.</summary>
    private const double FewWrites = 10;

    private readonly long _before = guest.WriteCount;
    private readonly long _since = Stopwatch.GetTimestamp();

    /// <summary>The result with what was written until now, or until the guest was stopped, and a warning where that is nothing.</summary>
    public MigrationResult Into(MigrationResult result)
    {
        var stopped = (guest as IGuestMoments)?.StoppedAt;
        var ran = !guest.IsRunning && stopped > _since ? Stopwatch.GetElapsedTime(_since, stopped.Value) : Stopwatch.GetElapsedTime(_since);
        var written = guest.WriteCount - _before;
        var seconds = Math.Max(ran.TotalSeconds, 1e-6);
        var report = new DirtyingReport(orders.MeanBytesPerSecond, written * 4096 / seconds, written, witness.PagesReported, witness.DistinctPages);
        return result with { Dirtying = report, Warnings = [.. result.Warnings, .. Warnings(report, seconds, result.Passes.Count > 0)] };
    }

    /// <summary>For people.</summary>
    public static string Words(DirtyingReport report) =>
        $"wrote {ForPeople.Counted(report.WrittenPages, "page")} at {ForPeople.Rate(report.AchievedBytesPerSecond)}"
        + (report.AskedBytesPerSecond is { } asked ? $" of {ForPeople.Rate(asked)} asked for" : ", as fast as it went")
        + $"; the dirty source reported {ForPeople.Count(report.ReportedPages)}, {ForPeople.Count(report.DistinctPages)} different ones";

    private IEnumerable<string> Warnings(DirtyingReport report, double seconds, bool tracked)
    {
        // Phases may be idle for as long as they like; a burst is silent for half a second.
        var steady = orders.Phases.Count == 0 && orders.Replay is null && (orders.Pattern != DirtyPattern.Burst || seconds > 1);
        var due = (report.AskedBytesPerSecond ?? double.MaxValue) * seconds / 4096;
        if (orders.Writes && steady && due > FewWrites && report.WrittenPages == 0)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"The guest was asked to dirty its memory and wrote nothing in {seconds:0.0} s of this migration: its figures are those of an idle guest.");
        if (tracked && report.WrittenPages > FewWrites && report.ReportedPages == 0)
            yield return $"The guest wrote {ForPeople.Counted(report.WrittenPages, "page")} meanwhile, and the dirty source reported none.";
    }
}
