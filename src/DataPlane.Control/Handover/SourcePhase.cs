namespace DataPlane.Control.Handover;

/// <summary>Where the source stands. It may run the guest up to <see cref="Open"/>, where the session has it paused or not, and in <see cref="Kept"/>.</summary>
internal enum SourcePhase : byte
{
    New,

    /// <summary>OPEN is being recorded.</summary>
    Opening,

    /// <summary>The guest is this side's; every fault leaves it here.</summary>
    Open,

    /// <summary>GIVEN is being recorded: no way back but the record's failure.</summary>
    Giving,

    /// <summary>The guest stays paused until the destination's word, or a verdict.</summary>
    Given,

    /// <summary>As <see cref="Given"/>; the arbiter is asked.</summary>
    Claiming,

    /// <summary>The guest is the destination's; RELEASED is being recorded.</summary>
    Releasing,

    Released,

    /// <summary>The guest is this side's for good, as far as this attempt goes.</summary>
    Kept,
}
