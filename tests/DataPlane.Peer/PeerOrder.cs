namespace DataPlane.Peer;

/// <summary>What a peer can be told.</summary>
internal enum PeerOrder
{
    /// <summary>Make the guest, once. Answer: nothing more.</summary>
    Make,

    /// <summary>Wait for the guest to come, in the background. Answer: the address.</summary>
    Listen,

    /// <summary>Answer when what <see cref="Listen"/> began has ended: the move.</summary>
    Take,

    /// <summary>Move the guest to another peer. Answer: the move.</summary>
    Send,

    /// <summary>Settle what ended uncertain on this side. Answer: the move.</summary>
    Settle,

    /// <summary>Stop the guest for a moment if it runs, and look at it. Answer: the guest.</summary>
    Look,

    /// <summary>Collect garbage. Answer: what this process holds.</summary>
    Weigh,

    /// <summary>Carry out a migration within the process. Answer: what the blackout compiled and allocated.</summary>
    CountBlackout,
}
