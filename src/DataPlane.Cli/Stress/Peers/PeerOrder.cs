namespace DataPlane.Cli.Stress.Peers;

/// <summary>What a peer can be told.</summary>
internal enum PeerOrder
{
    /// <summary>Wait for the guest to come, in the background. Answer: the address.</summary>
    Listen,

    /// <summary>Answer when that has ended, and the guest, where it came, has run on for its time: <see cref="PeerTaken"/>.</summary>
    Take,

    /// <summary>Move the guest to another peer. Answer: <see cref="PeerSent"/>.</summary>
    Send,

    /// <summary>Cancel what is going on. The one order that is followed beside another; it has no answer.</summary>
    Cancel,
}
