namespace DataPlane.Options;

/// <summary>What is known of the destination's memory before the stream.</summary>
public enum DestinationMemory
{
    /// <summary>Never written since it was made: every page reads as zero.</summary>
    Fresh,

    /// <summary>May hold anything, and its page tables may be empty.</summary>
    Unmapped,

    /// <summary>May hold anything; its page tables are set up.</summary>
    Populated,
}
