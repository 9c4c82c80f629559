using System.Diagnostics.CodeAnalysis;
using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>Compiles what both sides run to write a record, before the guest is stopped.</summary>
internal static class HandoverRehearsal
{
    /// <param name="machine">The side's.</param>
    public static void Run([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type machine)
    {
        Rehearsal.Of(machine);
        Rehearsal.Of(typeof(HandoverEffects));
        Rehearsal.Of(typeof(HandoverInput));
        Rehearsal.Of(typeof(HandoverEntry));
        Rehearsal.Of(typeof(HandoverEntries));
        Rehearsal.Of(typeof(HandoverRecords));
        Rehearsal.Of(typeof(AttemptFile));
        Rehearsal.Of(typeof(AttemptRecords));
        Rehearsal.Of(typeof(RecordAnswers));
        Rehearsal.Of(typeof(HandoverLine));
        Rehearsal.Of(typeof(Arbitration));
        Rehearsal.Of(typeof(HandoverMessage));
    }
}
