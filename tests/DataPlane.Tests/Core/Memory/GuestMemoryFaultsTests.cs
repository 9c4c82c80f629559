using DataPlane.Core.Memory;
using Xunit;

namespace DataPlane.Tests.Core.Memory;

public sealed class GuestMemoryFaultsTests
{
    private static readonly RamBlockInfo Good = new("ram", 0x10_0000, 0x1000, 0);

    [Fact]
    public void Every_fault_of_a_layout_is_named_at_once()
    {
        var fault = Assert.Throws<ArgumentException>(() => new GuestMemory([
            new RamBlockInfo("", 0x100_0000, 0x1000, 0x10_0000),
            new RamBlockInfo("odd", 0x200_0000, 0x1001, 0x20_0000),
            new RamBlockInfo("nowhere", 0, 0x1000, 0x30_0000),
            new RamBlockInfo("askew", 0x300_0001, 0x1000, 0x40_0001),
            new RamBlockInfo("backing", 0x400_0000, 0x1000, 0x50_0000, BackingPageSize: 5000),
            new RamBlockInfo("file", 0x500_0000, 0x1000, 0x60_0000, Fd: 3, FdOffset: 17),
            new RamBlockInfo("twin", 0x600_0000, 0x2000, 0x70_0000),
            new RamBlockInfo("twin", 0x600_1000, 0x2000, 0x70_1000),
        ]));
        foreach (var word in new[]
        {
            "Block name ''", "length 4097", "'nowhere'", "host address 0x3000001", "guest address 0x400001", "5000", "file offset 17",
            "'twin' is used 2 times", "overlap in host", "overlap in guest",
        })
            Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4096)]
    [InlineData(4095)]
    public void A_length_that_is_no_number_of_pages_is_refused(long length) =>
        AssertFault("is not a positive multiple", Good with { Length = length });

    [Fact]
    public void A_guest_without_memory_is_refused() => AssertFault("not 0");

    [Fact]
    public void A_name_is_measured_in_bytes_of_UTF8()
    {
        _ = new GuestMemory([Good with { Name = new string('é', 127) }]);
        AssertFault("1 to 255 bytes", Good with { Name = new string('é', 128) });
    }

    [Fact]
    public void Blocks_may_touch_but_not_overlap()
    {
        _ = new GuestMemory([Good, new RamBlockInfo("next", 0x10_1000, 0x1000, 0x1000)]);
        AssertFault("overlap in host", Good, new RamBlockInfo("next", 0x10_0000, 0x1000, 0x1000));
        AssertFault("overlap in guest", Good, new RamBlockInfo("next", 0x10_1000, 0x1000, 0));
    }

    [Fact]
    public void A_block_inside_another_is_found_behind_a_third() =>
        AssertFault(
            "'big' and 'late' overlap in guest",
            new RamBlockInfo("big", 0x100_0000, 0x10_000, 0),
            new RamBlockInfo("early", 0x200_0000, 0x1000, 0x1000),
            new RamBlockInfo("late", 0x300_0000, 0x1000, 0x5000));

    [Fact]
    public void A_block_beyond_the_end_of_the_address_space_is_refused()
    {
        AssertFault("past the end of the guest", Good with { GuestAddress = ulong.MaxValue - 0xfff, Length = 0x2000 });
        AssertFault("past the end of the host", Good with { HostAddress = nint.MaxValue - 0xfff, Length = 0x2000 });
    }

    [Fact]
    public void More_stripes_than_a_number_can_hold_are_refused() =>
        AssertFault("at most", Good with { Length = 1L << 53 });

    private static void AssertFault(string words, params RamBlockInfo[] blocks) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => new GuestMemory(blocks)).Message, StringComparison.Ordinal);
}
