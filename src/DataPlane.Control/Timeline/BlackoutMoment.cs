namespace DataPlane.Control.Timeline;

/// <summary>
/// The moments of a blackout in the order in which they happen, each on the clock of the side that sees it (S or D). The numbers stand on
/// the wire (CHECKPOINTS): none is used again.
/// </summary>
internal enum BlackoutMoment
{
    /// <summary>S: before the host was told to pause.</summary>
    StopAsked = 0,

    /// <summary>S: the guest's last instruction, where the host knows it.</summary>
    LastInstruction = 1,

    /// <summary>S: the guest stands.</summary>
    Stopped = 2,

    /// <summary>S: the switchover was let go on, where it waited for that.</summary>
    Continued = 3,

    /// <summary>S: dirty sources read for the last time before the final pages.</summary>
    Synced = 4,

    /// <summary>S: the last page is in the sockets.</summary>
    PagesSent = 5,

    /// <summary>S: the last byte is in the sockets.</summary>
    Sent = 6,

    /// <summary>D: SWITCHOVER is here.</summary>
    SwitchoverHeard = 7,

    /// <summary>D: the last byte is in place.</summary>
    Placed = 8,

    /// <summary>D: the device state is loaded.</summary>
    Loaded = 9,

    /// <summary>S: PREPARED is here.</summary>
    PreparedHeard = 10,

    /// <summary>S: the memories have been compared, where they were.</summary>
    Verified = 11,

    /// <summary>S: COMMIT goes out.</summary>
    Given = 12,

    /// <summary>D: COMMIT is here.</summary>
    CommitHeard = 13,

    /// <summary>D: the arbiter has decided, where one was asked.</summary>
    Arbitrated = 14,

    /// <summary>D: outside resources are acquired.</summary>
    Taken = 15,

    /// <summary>D: the guest's first instruction; where the host does not know it, when its resume had returned.</summary>
    FirstInstruction = 16,

    /// <summary>S: RUNNING is here.</summary>
    RunningHeard = 17,

    /// <summary>D: the network was told where the guest is.</summary>
    Announced = 18,

    /// <summary>S, D: the way back was taken.</summary>
    GivenUp = 19,

    /// <summary>S: after that, the guest's first instruction here.</summary>
    BackAgain = 20,

    /// <summary>S: <see cref="Announced"/> is known here.</summary>
    AnnouncedHeard = 21,
}
