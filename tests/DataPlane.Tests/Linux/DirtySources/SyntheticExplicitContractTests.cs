using DataPlane.Guests;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>The guest's own marks.</summary>
[Collection("dirty sources")]
public sealed class SyntheticExplicitContractTests : DirtySourceContract
{
    private protected override ITrackedGuest Make(GuestOptions options) =>
        new TrackedGuest(options with { Kind = GuestKind.Synthetic, DirtySource = "explicit" });
}
