using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Control.Timeline;

/// <summary>The names that QEMU gives the moments of a blackout, for events and traces that stand beside its own.</summary>
internal static class Checkpoints
{
    /// <summary>In QEMU's order. Ours resumes the guest first and announces it then.</summary>
    public static readonly (string Name, BlackoutMoment Moment)[] OfSource =
    [
        ("src-downtime-start", StopAsked),
        ("src-vm-stopped", Stopped),
        ("src-iterable-saved", PagesSent),
        ("src-non-iterable-saved", Sent),
        ("src-downtime-end", RunningHeard),
    ];

    /// <summary>Of the destination.</summary>
    public static readonly (string Name, BlackoutMoment Moment)[] OfDestination =
    [
        ("dst-precopy-loadvm-completed", Loaded),
        ("dst-precopy-bh-enter", CommitHeard),
        ("dst-precopy-bh-vm-started", FirstInstruction),
        ("dst-precopy-bh-announced", Announced),
    ];
}
