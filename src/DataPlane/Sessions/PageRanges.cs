using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Sessions;

/// <summary>Marked pages as the runs that ACCEPT lists, there and back.</summary>
internal static class PageRanges
{
    /// <summary>The runs of <paramref name="marked"/>; null where there are more than a message takes.</summary>
    public static PageRange[]? Of(DirtyBitmap marked)
    {
        var ranges = new List<PageRange>();
        Span<ulong> bits = stackalloc ulong[WordsPerStripe];
        for (var stripe = 0; stripe < marked.Memory.StripeCount; stripe++)
        {
            if (!marked.Any(stripe)) continue;
            marked.Read(stripe, bits);
            for (var page = 0; PageMask.NextRun(bits, page, out var start, out var length); page = start + length)
            {
                if (ranges.Count == AcceptMessage.MaxRanges) return null;
                ranges.Add(new PageRange((uint)stripe, (ushort)start, (ushort)length));
            }
        }
        return [.. ranges];
    }

    /// <summary>Marks <paramref name="ranges"/>; throws where a page is none of the guest's.</summary>
    public static void Mark(PageRange[] ranges, DirtyBitmap into)
    {
        foreach (var range in ranges)
        {
            var block = range.Stripe < into.Memory.StripeCount ? into.Memory.BlockOfStripe((int)range.Stripe) : null;
            var first = block is null ? 0 : ((long)(range.Stripe - block.FirstStripe) * PagesPerStripe) + range.First;
            if (block is null || range.Count == 0 || range.First + range.Count > PagesPerStripe || first + range.Count > block.PageCount)
                throw new MigrationException(new MigrationError(
                    MigrationErrorCode.ProtocolViolation, MigrationSide.Source, "handshake",
                    $"The destination says that it wrote pages {range.First} to {range.First + range.Count - 1} of stripe {range.Stripe}; the guest has no such pages."));
            into.Set(block, first, range.Count);
        }
    }
}
