using System.Diagnostics.Tracing;

namespace DataPlane.Telemetry;

/// <summary>
/// Status changes and the checkpoints of the blackout, for dotnet-trace, LTTng and the like. Times are nanoseconds of this host's monotonic
/// clock at which it happened; an event may be written later, since nothing is written while the guest stands still.
/// </summary>
[EventSource(Name = SourceName)]
internal sealed class MigrationEventSource : EventSource
{
    public const string SourceName = "DataPlane.Migration";

    public static readonly MigrationEventSource Log = new();

    private MigrationEventSource()
    {
    }

    /// <param name="migration">A number that this process counts its migrations by.</param>
    /// <param name="side"><c>source</c> or <c>destination</c>: who writes.</param>
    /// <param name="status">QEMU's name.</param>
    /// <param name="nanoseconds">When.</param>
    [Event(1, Level = EventLevel.Informational, Message = "migration {0}, {1}: {2}")]
    public void StatusChanged(int migration, string side, string status, long nanoseconds)
    {
        if (IsEnabled()) WriteEvent(1, migration, side, status, nanoseconds);
    }

    /// <param name="migration">As above.</param>
    /// <param name="side">As above.</param>
    /// <param name="name">QEMU's name of the checkpoint.</param>
    /// <param name="nanoseconds">When.</param>
    [Event(2, Level = EventLevel.Informational, Message = "migration {0}, {1}: checkpoint {2}")]
    public void Checkpoint(int migration, string side, string name, long nanoseconds)
    {
        if (IsEnabled()) WriteEvent(2, migration, side, name, nanoseconds);
    }
}
