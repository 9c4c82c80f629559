namespace DataPlane.Destination;

/// <summary>Why a connection was refused, for counting.</summary>
internal enum RefusalKind
{
    /// <summary>It said too little, and went away or ran out of time, or made room for others.</summary>
    Silent,

    /// <summary>What it said is not the protocol.</summary>
    Garbage,

    /// <summary>A data channel of the present session with a MAC that is not its own.</summary>
    BadMac,

    /// <summary>A data channel with the right MAC that has joined before.</summary>
    Replayed,

    /// <summary>A data channel with the right MAC, and a number or version that was not agreed on.</summary>
    OutOfRange,

    /// <summary>A data channel of a session that is not the present one.</summary>
    OtherSession,

    /// <summary>A source, while another one is served.</summary>
    Busy,

    /// <summary>A source that was refused with a reason, or gave up before its channels had joined.</summary>
    Unfit,
}
