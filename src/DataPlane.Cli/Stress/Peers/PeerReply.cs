namespace DataPlane.Cli.Stress.Peers;

/// <summary>One line of a peer's standard output: what is going on, or the answer to an order.</summary>
internal sealed record PeerReply
{
    /// <summary>What is going on, as a line for people. All else is null then, and the answer is still to come.</summary>
    public string? Progress { get; init; }

    /// <summary>Why the order could not be carried out.</summary>
    public string? Error { get; init; }

    /// <summary>Where it listens. To <see cref="PeerOrder.Listen"/>; and, as <c>ready</c>, without an order when the guest or its memory has been made.</summary>
    public string? Address { get; init; }

    /// <summary>To <see cref="PeerOrder.Send"/>.</summary>
    public PeerSent? Sent { get; init; }

    /// <summary>To <see cref="PeerOrder.Take"/>.</summary>
    public PeerTaken? Taken { get; init; }
}
