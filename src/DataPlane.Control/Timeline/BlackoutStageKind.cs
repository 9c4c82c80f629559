namespace DataPlane.Control.Timeline;

/// <summary>What goes on during a segment and is measured by itself.</summary>
internal enum BlackoutStageKind
{
    /// <summary>S: the host saves a section.</summary>
    SaveState,

    /// <summary>D: the host loads a section.</summary>
    LoadState,

    /// <summary>S: the host lets go of what both sides can not hold.</summary>
    Release,

    /// <summary>S: it takes that again, on the way back.</summary>
    AcquireAgain,
}

/// <summary>When a stage was, on the clock of its side. The section is 0 where there is none.</summary>
internal readonly record struct StageTime(BlackoutStageKind Kind, int Section, long Start, long End);
