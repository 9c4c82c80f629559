using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Control.Handover;

/// <summary>What can happen to a side of the handover.</summary>
internal enum HandoverEvent : byte
{
    None,

    /// <summary>The handshake is through: begin by recording OPEN.</summary>
    Start,

    /// <summary>Destination: everything has come, counts and checksums agree, the device state is loaded.</summary>
    Ready,

    /// <summary>Source: everything that has to precede the handover is done; give the guest away.</summary>
    Give,

    /// <summary>A fault, a cancel, a passed deadline. Counts only while the guest has not been given (source) or prepared (destination).</summary>
    Abort,

    /// <summary>Destination: the deadline of the blackout has passed; a source that can take the guest back is refused from here on.</summary>
    DeadlinePassed,

    /// <summary>The record asked for stands.</summary>
    Recorded,

    /// <summary>The record asked for was not written, for certain: what stood before stands.</summary>
    NotRecorded,

    /// <summary>The record asked for may stand or not.</summary>
    RecordInDoubt,

    /// <summary>The compare-and-set found another record than the one it started from: <see cref="HandoverInput.Record"/>.</summary>
    RecordFound,

    /// <summary>The peer said <see cref="HandoverInput.Word"/>.</summary>
    Heard,

    LinkLost,
    LinkRegained,

    /// <summary>Time to ask again, where an answer is owed.</summary>
    AskDue,

    /// <summary>The handover timeout has passed since the last thing that brought certainty nearer.</summary>
    Timeout,

    /// <summary>The arbiter's verdict: the guest is <see cref="HandoverInput.Side"/>'s.</summary>
    Awarded,

    /// <summary>The arbiter did not answer; a claim may have been heard all the same.</summary>
    ArbiterFailed,

    /// <summary>The guest runs here.</summary>
    Resumed,

    /// <summary>The host could not resume the guest and states that no vCPU entered it.</summary>
    ResumeFailed,

    /// <summary>The host could not resume the guest, and a vCPU may have entered it.</summary>
    ResumeFailedInside,

    /// <summary>An operator, who vouches that the other side is off, gives the guest to <see cref="HandoverInput.Side"/>.</summary>
    Told,
}

/// <summary>One thing that happened, with what belongs to it.</summary>
internal readonly record struct HandoverInput(
    HandoverEvent Event, HandoverWord Word = HandoverWord.Invalid, HandoverRecord Record = HandoverRecord.None, MigrationSide Side = MigrationSide.Source)
{
    public static HandoverInput Hear(HandoverWord word) => new(HandoverEvent.Heard, word);

    public static HandoverInput Found(HandoverRecord record) => new(HandoverEvent.RecordFound, Record: record);

    public static HandoverInput Award(MigrationSide side) => new(HandoverEvent.Awarded, Side: side);

    public static HandoverInput Tell(MigrationSide side) => new(HandoverEvent.Told, Side: side);

    public static implicit operator HandoverInput(HandoverEvent happened) => new(happened);
}
