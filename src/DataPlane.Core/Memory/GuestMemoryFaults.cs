using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Memory;

/// <summary>What can be wrong with a list of RAM blocks, as sentences. All faults are reported, not the first.</summary>
internal static class GuestMemoryFaults
{
    public static List<string> Find(IReadOnlyList<RamBlockInfo> blocks)
    {
        var faults = new List<string>();
        if (blocks.Count is 0 or > GuestMemory.MaxBlocks)
            faults.Add($"A guest has 1 to {GuestMemory.MaxBlocks} RAM blocks, not {blocks.Count}.");
        foreach (var block in blocks)
            Check(block, faults);
        foreach (var twin in blocks.GroupBy(block => block.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.Add($"Block name '{twin.Key}' is used {twin.Count()} times; names are unique.");
        if (blocks.Sum(Stripes) > int.MaxValue)
            faults.Add($"The blocks hold more than the {int.MaxValue} stripes of {StripeSize} bytes that can be numbered: 4 PiB at most.");
        CheckOverlap(blocks, "host", block => (ulong)block.HostAddress, faults);
        CheckOverlap(blocks, "guest", block => block.GuestAddress, faults);
        return faults;
    }

    private static void Check(RamBlockInfo block, List<string> faults)
    {
        if (GuestMemory.NameLength(block.Name) is 0 or > 255)
            faults.Add($"Block name '{block.Name}' is not 1 to 255 bytes long.");
        if (block.Length <= 0 || block.Length % PageSize != 0)
            faults.Add($"Block '{block.Name}': length {block.Length} is not a positive multiple of {PageSize}.");
        if (block.HostAddress == 0 || block.HostAddress % PageSize != 0)
            faults.Add($"Block '{block.Name}': host address 0x{block.HostAddress:x} is not a page-aligned address.");
        if (block.GuestAddress % PageSize != 0)
            faults.Add($"Block '{block.Name}': guest address 0x{block.GuestAddress:x} is not page-aligned.");
        CheckEnd(block, "host", (ulong)block.HostAddress, (ulong)nint.MaxValue, faults);
        CheckEnd(block, "guest", block.GuestAddress, ulong.MaxValue, faults);
        if (block.BackingPageSize < PageSize || (block.BackingPageSize & (block.BackingPageSize - 1)) != 0)
            faults.Add($"Block '{block.Name}': backing page size {block.BackingPageSize} is not a power of two from {PageSize} up.");
        if (block.Fd < -1 || block.FdOffset < 0 || block.FdOffset % PageSize != 0)
            faults.Add($"Block '{block.Name}': file offset {block.FdOffset} of descriptor {block.Fd} is not page-aligned.");
        if (block.Discarded is { } map && map.PageCount != block.Length / PageSize)
            faults.Add($"Block '{block.Name}': its discard map speaks of {map.PageCount} pages, and it has {block.Length / PageSize}.");
    }

    private static long Stripes(RamBlockInfo block) =>
        Math.Max(0, block.Length) / StripeSize + (block.Length % StripeSize > 0 ? 1 : 0);

    private static void CheckEnd(RamBlockInfo block, string space, ulong start, ulong last, List<string> faults)
    {
        if (block.Length > 0 && (start > last || (ulong)block.Length - 1 > last - start))
            faults.Add($"Block '{block.Name}': {block.Length} bytes at 0x{start:x} run past the end of the {space} address space.");
    }

    private static void CheckOverlap(
        IReadOnlyList<RamBlockInfo> blocks, string space, Func<RamBlockInfo, ulong> start, List<string> faults)
    {
        // A long block may cover several that follow it: each is compared with the one that reaches furthest, not with its neighbour.
        RamBlockInfo? furthest = null;
        foreach (var block in blocks.Where(block => block.Length > 0).OrderBy(start))
        {
            if (furthest is not null && start(block) - start(furthest) < (ulong)furthest.Length)
                faults.Add($"Blocks '{furthest.Name}' and '{block.Name}' overlap in {space} addresses.");
            if (furthest is null || Last(block) > Last(furthest)) furthest = block;
        }

        ulong Last(RamBlockInfo block) => unchecked(start(block) + (ulong)block.Length - 1);
    }
}
