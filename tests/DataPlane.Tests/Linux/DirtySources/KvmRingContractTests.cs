using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>KVM's dirty rings, and a KVM guest.</summary>
[Collection("dirty sources")]
public sealed class KvmRingContractTests : DirtySourceContract
{
    private protected override ITrackedGuest Make(GuestOptions options)
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, "ring");
        return new TrackedGuest(options with { Kind = GuestKind.Kvm, DirtySource = "ring" });
    }
}
