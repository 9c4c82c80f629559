namespace DataPlane.Results;

/// <summary>Where a migration is; QEMU's names, in its order. <see cref="Uncertain"/> is ours.</summary>
public enum MigrationStatus
{
    /// <summary>Not started.</summary>
    None,

    /// <summary>Connecting, handshake, populating.</summary>
    Setup,

    /// <summary>Passes over memory while the guest runs.</summary>
    Active,

    /// <summary>
    /// The guest stands still and waits for <c>ContinueAsync</c>, where pause-before-switchover was asked for. The destination sees active meanwhile.
    /// </summary>
    PreSwitchover,

    /// <summary>The guest stands still; the last pages and the device state move.</summary>
    Device,

    /// <summary>The guest runs on the destination.</summary>
    Completed,

    /// <summary>The guest is, or runs on, the source.</summary>
    Failed,

    /// <summary>A cancel is being carried out.</summary>
    Cancelling,

    /// <summary>Cancelled before the handover; the guest runs on the source.</summary>
    Cancelled,

    /// <summary>The connection was lost in the handover: an operator must decide.</summary>
    Uncertain,
}
