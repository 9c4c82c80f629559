namespace DataPlane.Core.Errors;

/// <summary>Stable numbers, shared by C#, C and results. Never reuse or renumber one.</summary>
public enum MigrationErrorCode
{
    /// <summary>A stop asked for by the user or the embedder.</summary>
    Cancelled = 1,

    /// <summary>The peer could not be reached, or an address could not be bound.</summary>
    CannotConnect = 2,

    /// <summary>Nothing came, or nothing moved, for longer than the step allows.</summary>
    Timeout = 3,

    /// <summary>A connection ended that was still needed.</summary>
    ConnectionLost = 4,

    /// <summary>Bytes that are not the protocol: bad magic, checksum, length, order.</summary>
    ProtocolViolation = 5,

    /// <summary>The sides speak no common protocol version.</summary>
    VersionMismatch = 6,

    /// <summary>The sides disagree on memory layout, page size or device sections.</summary>
    LayoutMismatch = 7,

    /// <summary>The destination does not take this migration (busy, other limits, host said no).</summary>
    Refused = 8,

    /// <summary>A callback of the host failed.</summary>
    HostFailed = 9,

    /// <summary>Passes did not come down to what fits within the time allowed.</summary>
    NotConverging = 10,

    /// <summary>Memory compared after the transfer was not the same.</summary>
    VerifyMismatch = 11,

    /// <summary>After GIVEN the destination could not be asked any more, or after PREPARED the source: an operator must say whose guest it is.</summary>
    OwnershipUncertain = 12,

    /// <summary>Memory, descriptors or another resource ran out.</summary>
    OutOfResources = 13,

    /// <summary>A fault of this library.</summary>
    Internal = 14,

    /// <summary>The forecast never allowed the guest to be stopped: what the host declares beside memory misses the limit by itself.</summary>
    WouldMissLimit = 15,

    /// <summary>The hard limit on the blackout could not be kept, and the switchover was called off: the guest runs on the source.</summary>
    LimitMissed = 16,

    /// <summary>A step that the migration's status does not allow; the message names both.</summary>
    IllegalTransition = 17,

    /// <summary>The destination had taken the guest when it ended: its process died, or its vCPUs had begun to run and failed. Nobody runs it.</summary>
    GuestLost = 18,
}
