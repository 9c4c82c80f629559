using System.Runtime.InteropServices;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Memory;

/// <summary>
/// Gives guest RAM its first contents, with all cores. The first word of each page stays zero: it counts the page's writes.
/// </summary>
internal static unsafe class MemoryFiller
{
    private const int PagesPerPiece = 16;
    private const int WordsPerPage = PageSize / sizeof(ulong);

    /// <summary>No byte of it is zero, and no fill makes such a page.</summary>
    private const ulong PoisonWord = 0xDBDBDBDBDBDBDBDB;

    public static void Fill(GuestRam ram, long firstPage, MemoryFill fill, ulong seed)
    {
        var text = TextSample.Make(seed);
        if (fill is MemoryFill.Random or MemoryFill.Text) ram.Populate();
        ForPieces(ram, firstPage, (page, count) =>
        {
            var kind = fill == MemoryFill.Mixed ? Mix(SplitMix.Hash(seed ^ (ulong)(page / PagesPerPiece))) : fill;
            if (kind == MemoryFill.Zero && ram.IsFresh) return; // It is zero already, and unpopulated.
            var pages = ram.Pages(page, count);
            for (long i = 0; i < count; i++)
                FillPage((ulong*)(pages + (i << PageShift)), kind, SplitMix.Hash(seed + (ulong)(page + i)), text);
        });
    }

    /// <summary>Writes a pattern that no guest page has into every page.</summary>
    public static void Poison(GuestRam ram)
    {
        ram.Populate();
        ForPieces(ram, 0, (page, count) =>
        {
            var words = new Span<ulong>(ram.Pages(page, count), (int)count * WordsPerPage);
            words.Fill(PoisonWord);
        });
    }

    private static void ForPieces(GuestRam ram, long firstPage, Action<long, long> action)
    {
        var firstPiece = firstPage / PagesPerPiece;
        var pieces = (ram.PageCount + PagesPerPiece - 1) / PagesPerPiece;
        Parallel.For(firstPiece, pieces, piece =>
        {
            var page = Math.Max(firstPage, piece * PagesPerPiece);
            action(page, Math.Min((piece + 1) * PagesPerPiece, ram.PageCount) - page);
        });
    }

    private static MemoryFill Mix(ulong hash) => (hash & 3) switch
    {
        0 => MemoryFill.Zero,
        1 => MemoryFill.Random,
        _ => MemoryFill.Text,
    };

    private static void FillPage(ulong* page, MemoryFill fill, ulong hash, byte[] text)
    {
        var words = new Span<ulong>(page, WordsPerPage);
        switch (fill)
        {
            case MemoryFill.Random:
                for (var i = 1; i < WordsPerPage; i++)
                {
                    hash ^= hash << 13;
                    hash ^= hash >> 7;
                    hash ^= hash << 17;
                    words[i] = hash;
                }
                break;
            case MemoryFill.Text:
                text.AsSpan((int)(hash % (uint)(text.Length - PageSize)), PageSize).CopyTo(MemoryMarshal.AsBytes(words));
                break;
            default:
                words.Clear();
                break;
        }
        words[0] = 0;
    }
}
