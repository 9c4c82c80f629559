namespace DataPlane.Core.Wire.Messages;

/// <summary>What one side says to the other about an attempt's handover. The numbers are on the wire; zero is invalid.</summary>
internal enum HandoverWord : byte
{
    Invalid = 0,

    /// <summary>Either side, at the handshake: the journal in which it records the attempt, and the arbiter that it goes by.</summary>
    Open = 1,

    /// <summary>Either side: where do you stand?</summary>
    Ask = 2,

    /// <summary>Destination: it holds everything, and that is recorded. As the message PREPARED.</summary>
    Prepared = 3,

    /// <summary>Source: the guest is given away, and that is recorded. As the message COMMIT.</summary>
    Commit = 4,

    /// <summary>Source: as <see cref="Commit"/>, said by a process that found the record and has no guest to take back.</summary>
    CommitFromRecord = 5,

    /// <summary>Source: it keeps the guest; this attempt will not be given. As the message FAILED before COMMIT.</summary>
    Kept = 6,

    /// <summary>Destination: it failed before it ever said PREPARED. As the message FAILED.</summary>
    Failed = 7,

    /// <summary>Destination: TAKEN is recorded, and the guest is about to run. Not the end: RUNNING or RETURNED follows.</summary>
    Taken = 8,

    /// <summary>Destination: the guest runs there. As the message RUNNING.</summary>
    Running = 9,

    /// <summary>Destination: it took the guest, and the guest is gone: its process ended, or its vCPUs ran and failed.</summary>
    Died = 10,

    /// <summary>Destination: NEVER is recorded; the source may resume.</summary>
    Never = 11,

    /// <summary>Destination: RETURNED is recorded; no vCPU entered the guest, and the source may resume.</summary>
    Returned = 12,

    /// <summary>Either side: it cannot tell. Never a no.</summary>
    Unknown = 13,

    /// <summary>Source: it has heard that the guest is the destination's and lets go of it. Nobody will ask about the attempt any more.</summary>
    Released = 14,

    /// <summary>Destination: it has heard <see cref="Released"/>, and waits for nothing more.</summary>
    Over = 15,
}
