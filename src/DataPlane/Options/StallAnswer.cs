namespace DataPlane.Options;

/// <summary>What the embedder says when asked about passes that stall.</summary>
public enum StallAnswer
{
    /// <summary>Another pass.</summary>
    Continue,

    /// <summary>Stop the guest now and move what is left.</summary>
    Switch,

    /// <summary>Give up; the guest goes on on the source.</summary>
    Abort,
}
