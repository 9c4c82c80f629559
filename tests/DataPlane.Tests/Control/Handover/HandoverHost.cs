using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>One of the two hosts: the process with the guest, its journal, and the process that may stand in for it.</summary>
internal struct HandoverHost
{
    /// <summary>The process that has (or is to have) the guest's memory lives, and so holds the record's lock.</summary>
    public bool Alive;

    public bool HasMemory;
    public bool GuestRuns;
    public HandoverRecord Record;

    /// <summary>Records to be written by the process, in order; the second only where the first was not answered yet.</summary>
    public HandoverRecord Pending, Next;

    /// <summary>The verdict asked for plus one; 0 none.</summary>
    public byte Claim;

    public bool Rebooted;

    /// <summary>What the witness is about to write, and to say after it.</summary>
    public HandoverRecord WitnessRecord;
    public HandoverWord WitnessWord;
}
