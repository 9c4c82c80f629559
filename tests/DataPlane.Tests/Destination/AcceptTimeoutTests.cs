using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Destination;

public sealed class AcceptTimeoutTests
{
    [Fact]
    public async Task A_source_that_never_comes_is_not_waited_for_any_longer()
    {
        using var end = new BackEnd();
        using var pair = new MigrationPair(end.From, end.Marks, new HookedHost(BackEnd.Host()), end.To, new HookedHost(BackEnd.Host()));
        pair.DestinationOptions = pair.DestinationOptions with { AcceptTimeout = TimeSpan.FromMilliseconds(50) };
        var result = await pair.StartDestination().Ended;
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.Timeout), (result.Status, result.Error!.Code));
        Assert.Equal("No source has come within 0.05 s.", result.Error.Message);
    }

    [Fact]
    public void Memory_that_is_not_mapped_is_refused_before_anything_reads_it()
    {
        const long Length = 64 << 20;
        nint address;
        using (var gone = AllocatedMemory.Create("gone", Length)) address = gone.Address;
        var memory = new GuestMemory([new RamBlockInfo("low", address, Length, 0)]);
        var refused = Assert.Throws<ArgumentException>(() => new MigrationDestination(memory, BackEnd.Host(), new MigrationDestinationOptions()));
        Assert.Contains("'low': not all of its 67108864 bytes at 0x", refused.Message, StringComparison.Ordinal);
    }
}
