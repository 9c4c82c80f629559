using DataPlane.Core.Memory;

namespace DataPlane.Tests.Kit;

/// <summary>Guests of any size that exist as addresses only. Nothing may touch their memory.</summary>
internal static class AddressOnlyMemory
{
    /// <summary>Blocks of the given page counts, one after the other in the guest, apart in the host.</summary>
    public static GuestMemory OfPages(params long[] pageCounts)
    {
        var blocks = new List<RamBlockInfo>();
        nint host = 0x1000_0000;
        ulong guest = 0;
        foreach (var pages in pageCounts)
        {
            var length = pages * PageGeometry.PageSize;
            blocks.Add(new RamBlockInfo($"ram{blocks.Count}", host, length, guest));
            host += (nint)length + 0x1000_0000;
            guest += (ulong)length;
        }
        return new GuestMemory(blocks);
    }
}
