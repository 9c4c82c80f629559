using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>KVM's log with manual protection, and a KVM guest.</summary>
[Collection("dirty sources")]
public sealed class KvmProtectContractTests : DirtySourceContract
{
    private protected override ITrackedGuest Make(GuestOptions options)
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, "protect");
        return new TrackedGuest(options with { Kind = GuestKind.Kvm, DirtySource = "protect" });
    }
}
