using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>KVM's log with automatic protection, and a KVM guest.</summary>
[Collection("dirty sources")]
public sealed class KvmLogContractTests : DirtySourceContract
{
    private protected override ITrackedGuest Make(GuestOptions options)
    {
        NeedsKvm.OrSkip();
        return new TrackedGuest(options with { Kind = GuestKind.Kvm, DirtySource = "log" });
    }
}
