using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Telemetry;

namespace DataPlane.Sessions;

/// <summary>
/// Where a migration is, and the moves that there are; QEMU's names. A move that is none of them is an error that names both ends, never
/// silent. Moved by the control loop alone, read from any thread.
/// </summary>
internal sealed class StatusMachine(MigrationSide side)
{
    private volatile MigrationStatus _current = MigrationStatus.None;

    public MigrationStatus Current => _current;

    /// <summary>Called with each move, on the control loop's thread: from where, to where. Must not take time: one is made inside the blackout.</summary>
    public Action<MigrationStatus, MigrationStatus>? Moved { get; set; }

    /// <summary>Throws <see cref="MigrationException"/> (illegal-transition) where no such move exists; then nothing has changed.</summary>
    public void Move(MigrationStatus to)
    {
        var from = _current;
        if (!IsLegal(from, to))
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.IllegalTransition, side, "status", $"A migration that is '{StatusNames.Of(from)}' cannot become '{StatusNames.Of(to)}'."));
        _current = to;
        Moved?.Invoke(from, to);
    }

    public static bool IsLegal(MigrationStatus from, MigrationStatus to) => (from, to) switch
    {
        (MigrationStatus.None, MigrationStatus.Setup) => true,
        (MigrationStatus.Setup, MigrationStatus.Active) => true,
        (MigrationStatus.Active, MigrationStatus.PreSwitchover or MigrationStatus.Device) => true,
        (MigrationStatus.PreSwitchover, MigrationStatus.Device) => true,
        (MigrationStatus.Device, MigrationStatus.Completed or MigrationStatus.Uncertain) => true,
        // A source has the way back to go first; a destination has nothing to undo.
        (MigrationStatus.Cancelling, MigrationStatus.Cancelled or MigrationStatus.Failed) => true,
        (_, MigrationStatus.Cancelling or MigrationStatus.Cancelled or MigrationStatus.Failed) => !IsFinal(from) && from != MigrationStatus.Cancelling,
        // What was in doubt is settled when the other side is heard, or somebody says so.
        (MigrationStatus.Uncertain, MigrationStatus.Completed) => true,
        _ => false,
    };

    /// <summary>Whether nothing changes any more by itself.</summary>
    public static bool IsFinal(MigrationStatus status) =>
        status is MigrationStatus.Completed or MigrationStatus.Failed or MigrationStatus.Cancelled;
}
