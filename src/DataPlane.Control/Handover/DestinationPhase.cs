namespace DataPlane.Control.Handover;

/// <summary>Where the destination stands. It may run the guest in <see cref="Resuming"/> and <see cref="Running"/> only.</summary>
internal enum DestinationPhase : byte
{
    New,

    /// <summary>OPEN is being recorded.</summary>
    Opening,

    /// <summary>Pages come. Every fault drops what is here.</summary>
    Open,

    /// <summary>PREPARED is being recorded.</summary>
    Preparing,

    /// <summary>Everything is here and stays here until the source's word, or an operator's.</summary>
    Prepared,

    /// <summary>COMMIT was heard; the arbiter is asked.</summary>
    Claiming,

    /// <summary>TAKEN is being recorded.</summary>
    Taking,

    /// <summary>The guest is this side's; the host resumes it.</summary>
    Resuming,

    Running,

    /// <summary>NEVER is being recorded.</summary>
    Refusing,

    /// <summary>This attempt will never be taken.</summary>
    Never,

    /// <summary>The host could not resume, and no vCPU entered; RETURNED is being recorded, or to be recorded again.</summary>
    Returning,

    Returned,

    /// <summary>The host could not resume, and a vCPU may have entered: the guest is this side's, and broken.</summary>
    Stuck,

    /// <summary>Given up before PREPARED was ever said.</summary>
    Dropped,
}
