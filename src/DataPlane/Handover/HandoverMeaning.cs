using DataPlane.Core.Handover;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>What records mean, for people.</summary>
internal static class HandoverMeaning
{
    public static (HandoverOwner Owner, string Words) Of(AttemptReading reading, bool thisBoot)
    {
        if (reading.Fault != JournalFault.None) return (HandoverOwner.Uncertain, OfFault(reading.Fault));
        var record = reading.Entries[^1].Record;
        // What was written last before a reboot is known only where it was flushed, or where nothing can follow it.
        var known = thisBoot || reading.Entries[^1].Flushed;
        return record switch
        {
            HandoverRecord.Open when !known => (HandoverOwner.Uncertain, "The host rebooted since; what was recorded last may be lost."),
            HandoverRecord.Open => (HandoverOwner.Source, "Not handed over; the guest is the source's."),
            HandoverRecord.Prepared => (HandoverOwner.Uncertain, reading.IsHeld
                ? "Everything is here. A process holds the guest and waits for the source's word."
                : "Everything was here, and the process that held it has ended. The source may have resumed the guest."),
            HandoverRecord.Taken when !known => (HandoverOwner.Destination, "Taken over here, and the host rebooted since: the guest ended with it, if it was not given back."),
            HandoverRecord.Taken => (HandoverOwner.Destination, reading.IsHeld
                ? "Taken over here, by a process that lives." : "Taken over here. The process that took it has ended, and the guest with it, unless it lives outside that process."),
            HandoverRecord.Never => (HandoverOwner.Source, "Refused here for good; the guest is the source's."),
            HandoverRecord.Returned => (HandoverOwner.Source, "Taken over and given back before any vCPU ran; the guest is the source's."),
            HandoverRecord.Given => (HandoverOwner.Uncertain, reading.IsHeld
                ? "Given away. A process holds the guest, paused, and asks the destination."
                : "Given away, and the process that held it has ended. Only the destination can have the guest."),
            HandoverRecord.Kept => (HandoverOwner.Source, "Kept; the guest is the source's."),
            _ => (HandoverOwner.Destination, "Released; the destination has the guest."),
        };
    }

    private static string OfFault(JournalFault fault) => fault switch
    {
        JournalFault.NoRecord => "The file is empty: it was being made when its process ended.",
        JournalFault.OtherVersion => "Written by another version of this program: ask that one.",
        JournalFault.Unreadable => "The file can not be read.",
        _ => "Damaged: a record did not end, or was changed. What counts here is not known.",
    };
}
