using DataPlane.Control.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>
/// The code under search, as it is. Broken variants override one of these, which is how the search itself is tested: a variant puts
/// its fault between the real machine and the world.
/// </summary>
internal class HandoverRules
{
    public virtual HandoverEffects Source(ref SourceHandover machine, HandoverInput input) => machine.On(input);

    public virtual HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input) => machine.On(input);

    public virtual Testimony DestinationWitness(JournalView view, HandoverWord heard) => Witness.OfDestination(view, heard);

    public virtual Testimony SourceWitness(JournalView view, HandoverWord heard) => Witness.OfSource(view, heard);
}
