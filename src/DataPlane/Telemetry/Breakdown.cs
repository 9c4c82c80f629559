using DataPlane.Control.Timeline;
using DataPlane.Results;

namespace DataPlane.Telemetry;

/// <summary>An account as it stands in the result document.</summary>
internal static class Breakdown
{
    /// <param name="account">Null: there was no blackout.</param>
    /// <param name="sections">Names of the device sections.</param>
    public static DowntimeBreakdown? Of(BlackoutAccount? account, IReadOnlyList<string> sections) => account is null ? null : new DowntimeBreakdown(
        account.Total / 1e3,
        account.Unaccounted / 1e3, // In whole nanoseconds: sums of fractions would leave a rest of their own.
        account.Clock.Known ? account.Clock.Offset / 1e3 : null,
        account.Clock.Known ? account.Clock.Error / 1e3 : null,
        [.. account.Segments.Select(segment => new BlackoutSegment(segment.Name, segment.Side, segment.Start / 1e3, segment.Duration / 1e3))],
        [.. account.Stages.Select(stage => new BlackoutStage(Name(stage, sections), stage.Side, stage.Segment, stage.Start / 1e3, stage.Duration / 1e3))])
    {
        ClockDriftPpm = account.Clock.Known ? account.Clock.Rate * 1e6 : null,
        Completed = account.Completed,
    };

    public static string Name(AccountStage stage, IReadOnlyList<string> sections) => stage.Section is { } section ? $"{stage.Name} {sections[section]}" : stage.Name;
}
