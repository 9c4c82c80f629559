namespace DataPlane.Tools.Link;

/// <summary>What a measurement is at.</summary>
public enum LinkPhase
{
    /// <summary>Connecting, agreeing, and making memory on both sides.</summary>
    Setup,

    /// <summary>Sending all that goes.</summary>
    Bulk,

    /// <summary>Waiting until what is on its way has arrived.</summary>
    Drain,

    /// <summary>Sending the small final set, again and again.</summary>
    FinalSet,

    /// <summary>Counting the round trips of a switchover.</summary>
    Switchover,

    /// <summary>Over.</summary>
    Ended,
}

/// <summary>How a measurement stands.</summary>
/// <param name="Phase">What it is at.</param>
/// <param name="Channels">Data channels, each way.</param>
/// <param name="InPhase">Since when.</param>
/// <param name="BitsPerSecond">Of the last interval, all ways together; null before the first.</param>
public sealed record LinkProgress(LinkPhase Phase, int Channels, TimeSpan InPhase, double? BitsPerSecond);
