using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;

namespace DataPlane.Sessions;

/// <summary>
/// Says what the two sides disagree on, with both values; null when they fit. Host addresses and backing pages may differ: only what
/// the guest sees has to be the same.
/// </summary>
internal static class LayoutDescription
{
    public static string? FindMismatch(HelloMessage hello, GuestMemory memory, IReadOnlyList<DeviceSection> sections)
    {
        if (hello.PageSize != PageGeometry.PageSize)
            return $"The source's page size is {hello.PageSize}, the destination's is {PageGeometry.PageSize}.";
        if (hello.Blocks.Count != memory.Blocks.Count)
            return $"The source has {hello.Blocks.Count} RAM blocks ({Join(hello.Blocks)}), the destination has {memory.Blocks.Count} ({Join(memory.Blocks.Select(BlockLayout.Of))}).";
        for (var i = 0; i < hello.Blocks.Count; i++)
        {
            var own = BlockLayout.Of(memory.Blocks[i]);
            if (own != hello.Blocks[i])
                return $"RAM block {i} is {hello.Blocks[i]} on the source and {own} on the destination.";
        }
        if (hello.Sections.Count != sections.Count)
            return $"The source has {hello.Sections.Count} device sections ({Names(hello.Sections.Select(s => s.Id))}), the destination has {sections.Count} ({Names(sections.Select(s => s.Id))}).";
        for (var i = 0; i < sections.Count; i++)
            if (hello.Sections[i].Id != sections[i].Id || hello.Sections[i].Version != sections[i].Version)
                return $"Device section {i} is '{hello.Sections[i].Id}' version {hello.Sections[i].Version} on the source and '{sections[i].Id}' version {sections[i].Version} on the destination.";
        return null;
    }

    private static string Join(IEnumerable<BlockLayout> blocks) => Names(blocks.Select(block => block.ToString()));

    // A machine may have hundreds of either: the first ones tell enough.
    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return string.Join(", ", all.Take(8)) + (all.Length > 8 ? $", and {all.Length - 8} more" : "");
    }
}
