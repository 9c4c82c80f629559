using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>userfaultfd, and threads that write.</summary>
[Collection("dirty sources")]
public sealed class SyntheticUserfaultContractTests : DirtySourceContract
{
    private protected override ITrackedGuest Make(GuestOptions options)
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        return new TrackedGuest(options with { Kind = GuestKind.Synthetic, DirtySource = "uffd" });
    }
}
