using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>userfaultfd, and a KVM guest: the kernel writes for the vCPU, not a thread of ours.</summary>
[Collection("dirty sources")]
public sealed class KvmUserfaultContractTests : DirtySourceContract
{
    private protected override ITrackedGuest Make(GuestOptions options)
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, "uffd");
        return new TrackedGuest(options with { Kind = GuestKind.Kvm, DirtySource = "uffd" });
    }
}
