using DataPlane.Guests;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>vhost's shared log, and a back end with mappings of its own.</summary>
[Collection("dirty sources")]
public sealed class VhostContractTests : DirtySourceContract
{
    private protected override ITrackedGuest Make(GuestOptions options) => new VhostBackend(options);
}
