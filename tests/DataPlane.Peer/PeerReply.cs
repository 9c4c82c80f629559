namespace DataPlane.Peer;

/// <summary>One line of standard output, the answer to one request.</summary>
internal sealed record PeerReply
{
    /// <summary>Why the request could not be carried out; null where it was.</summary>
    public string? Error { get; init; }

    /// <summary>The address that is listened on.</summary>
    public string? Address { get; init; }

    /// <summary>How the move ended.</summary>
    public MoveOutcome? Move { get; init; }

    /// <summary>The guest as it was found.</summary>
    public GuestLook? Guest { get; init; }

    /// <summary>What this process holds.</summary>
    public PeerHoldings? Holdings { get; init; }

    /// <summary>What a blackout cost.</summary>
    public BlackoutCount? Blackout { get; init; }
}
