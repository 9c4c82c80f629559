using DataPlane.Core.Errors;

namespace DataPlane.Control.Timeline;

/// <summary>A piece of the blackout on the source's clock, nanoseconds from the stop. Side null: on the way.</summary>
internal readonly record struct AccountSegment(string Name, MigrationSide? Side, long Start, long Duration);

/// <summary>
/// Cuts a blackout into segments that tile it. The destination's moments are moved to the source's clock; where the clock's error would
/// let an effect come before its cause, it is taken to come right after it. Pure.
/// </summary>
internal sealed class BlackoutAccount
{
    public const string Verify = "verify";

    private BlackoutAccount(IReadOnlyList<AccountSegment> segments) => Segments = segments;

    /// <summary>In order of time.</summary>
    public IReadOnlyList<AccountSegment> Segments { get; }

    /// <summary>The blackout, <c>verify</c> not counted.</summary>
    public long Total => Segments.Where(segment => segment.Name != Verify).Sum(segment => segment.Duration);

    public static BlackoutAccount Of(BlackoutTimes times, ClockSync clock)
    {
        (string Name, MigrationSide? Side, long End)[] ends =
        [
            ("stop", MigrationSide.Source, times.Stopped),
            ("final-sync", MigrationSide.Source, times.Synced),
            ("final-memory", MigrationSide.Source, times.Sent),
            ("drain", null, clock.ToSource(times.Placed)),
            ("load-state", MigrationSide.Destination, clock.ToSource(times.Loaded)),
            ("prepared", null, times.PreparedHeard),
            (Verify, MigrationSide.Source, times.Verified),
            ("give", MigrationSide.Source, times.Given),
            ("commit", null, clock.ToSource(times.CommitHeard)),
            ("take", MigrationSide.Destination, clock.ToSource(times.Taken)),
            ("resume", MigrationSide.Destination, clock.ToSource(times.Resumed)),
        ];
        var segments = new List<AccountSegment>(ends.Length);
        var last = times.StopAsked;
        foreach (var (name, side, end) in ends)
        {
            var to = Math.Max(last, end);
            if (name != Verify || to > last)
                segments.Add(new AccountSegment(name, side, last - times.StopAsked, to - last));
            last = to;
        }
        return new BlackoutAccount(segments);
    }
}
