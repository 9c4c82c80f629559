namespace DataPlane.Linux.Sockets;

/// <summary>What TCP_INFO says. Round trips and the timeout in microseconds, the time since the last acknowledgement in milliseconds.</summary>
internal readonly record struct TcpStatus(uint SmallestRoundTrip, uint RoundTrip, uint Retransmits)
{
    /// <summary>
    /// Nothing for so long, though asked for, and the peer's host counts as gone. A path that comes back earlier (a bridge that learns
    /// anew, a switch that restarts a port) goes unnoticed; later and a dead peer would not be known within 3 s.
    /// </summary>
    public const uint DeadMilliseconds = 2200;

    // Between a probe and its answer; ten times a scheduling delay of a loaded host, and small beside the second above.
    private const uint SlackMilliseconds = 200;

    /// <summary>Retransmissions by timeout since the peer last acknowledged something new.</summary>
    public uint Unanswered { get; init; }

    /// <summary>Probes of a closed window, or of a peer that has been silent (keepalive), since any answer.</summary>
    public uint Probes { get; init; }

    /// <summary>When the next retransmission is due, counted from the last.</summary>
    public uint RetransmitTimeout { get; init; }

    /// <summary>Since an acknowledgement of any kind has come.</summary>
    public uint SinceAcknowledgement { get; init; }

    /// <summary>Microseconds with bytes waiting to be sent or acknowledged, in the kernel's ticks of 1 to 10 ms.</summary>
    public ulong Busy { get; init; }

    /// <summary>Part of <see cref="Busy"/> in which the peer's window was shut.</summary>
    public ulong ReceiverLimited { get; init; }

    /// <summary>Part of <see cref="Busy"/> in which the send buffer was full of bytes on their way: a larger one would have sent more.</summary>
    public ulong BufferLimited { get; init; }

    /// <summary>
    /// Whether the peer's kernel has stopped answering. A peer whose process stands still is not dead: its kernel answers each probe of
    /// the closed window. Those become rarer, so a long silence alone proves nothing; what does is a second probe, sent because the
    /// first got no answer, or a retransmission whose time has run out (the peer may have thrown away what its closed window did not
    /// let in, and then each retransmission is answered, although nothing new is acknowledged).
    /// </summary>
    public bool PeerIsGone => SinceAcknowledgement >= DeadMilliseconds
        && (Probes >= 2 || (Unanswered > 0 && SinceAcknowledgement > ((RetransmitTimeout + RoundTrip) / 1000) + SlackMilliseconds));
}
