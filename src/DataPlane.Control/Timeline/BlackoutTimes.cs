namespace DataPlane.Control.Timeline;

/// <summary>
/// The moments of a blackout, in nanoseconds, each on the clock of the side that saw it (S or D), in the order in which they happen.
/// </summary>
internal sealed record BlackoutTimes
{
    /// <summary>S: before the host was told to pause.</summary>
    public required long StopAsked { get; init; }

    /// <summary>S: the guest stands.</summary>
    public required long Stopped { get; init; }

    /// <summary>S: dirty sources read for the last time before the final pages.</summary>
    public required long Synced { get; init; }

    /// <summary>S: the last byte is in the sockets.</summary>
    public required long Sent { get; init; }

    /// <summary>D: the last byte is in place.</summary>
    public required long Placed { get; init; }

    /// <summary>D: the device state is loaded.</summary>
    public required long Loaded { get; init; }

    /// <summary>S: PREPARED is here.</summary>
    public required long PreparedHeard { get; init; }

    /// <summary>S: the memories have been compared; the same as the one before where they were not.</summary>
    public required long Verified { get; init; }

    /// <summary>S: COMMIT goes out.</summary>
    public required long Given { get; init; }

    /// <summary>D: COMMIT is here.</summary>
    public required long CommitHeard { get; init; }

    /// <summary>D: outside resources are acquired.</summary>
    public required long Taken { get; init; }

    /// <summary>D: the guest runs.</summary>
    public required long Resumed { get; init; }
}
