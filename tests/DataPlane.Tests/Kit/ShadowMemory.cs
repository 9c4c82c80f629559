using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Kit;

/// <summary>
/// The ground truth of dirty tracking: a copy that is kept up by copying only what is reported dirty, as a migration does, and compared with
/// the original page by page.
/// </summary>
internal sealed unsafe class ShadowMemory : IDisposable
{
    private readonly GuestMemory _memory;
    private readonly byte*[] _copies;

    public ShadowMemory(GuestMemory memory)
    {
        _memory = memory;
        _copies = new byte*[memory.Blocks.Count];
        foreach (var block in memory.Blocks)
            _copies[block.Index] = (byte*)NativeMemory.AlignedAlloc((nuint)block.Info.Length, PageSize);
    }

    /// <summary>Copies the marked pages of every <paramref name="workers"/>-th stripe; with a source, makes each claimed page's writes news again first.</summary>
    public long CopyMarked(DirtyBitmap marked, IDirtySource? source, int worker = 0, int workers = 1)
    {
        long copied = 0;
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        foreach (var block in _memory.Blocks)
            for (var stripe = worker; stripe < block.StripeCount; stripe += workers)
            {
                if (marked.Claim(block.FirstStripe + stripe, claimed) == 0) continue;
                source?.Reprotect(block.FirstStripe + stripe);
                for (var at = 0; PageMask.NextRun(claimed, at, out var start, out var count); at = start + count)
                {
                    var from = GuestMemory.Pages(block, stripe, start, count);
                    var to = _copies[block.Index] + (((long)stripe * PagesPerStripe + start) << PageShift);
                    Buffer.MemoryCopy(from, to, (long)count << PageShift, (long)count << PageShift);
                    copied += count;
                }
            }
        return copied;
    }

    /// <summary>Pages whose copy differs, as (block, page), at most <paramref name="max"/>.</summary>
    public List<(string Block, long Page)> Differences(int max = 10)
    {
        var found = new List<(string, long)>();
        foreach (var block in _memory.Blocks)
            for (long page = 0; page < block.PageCount && found.Count < max; page++)
                if (!Same(block, page))
                    found.Add((block.Info.Name, page));
        return found;
    }

    /// <summary>Overwrites the other memory of the same layout with this copy.</summary>
    public void CopyTo(GuestMemory other)
    {
        foreach (var block in other.Blocks)
            Buffer.MemoryCopy(_copies[block.Index], (void*)block.Info.HostAddress, block.Info.Length, block.Info.Length);
    }

    public bool Same(RamBlock block, long page) =>
        new ReadOnlySpan<byte>((byte*)block.Info.HostAddress + (page << PageShift), PageSize)
            .SequenceEqual(new ReadOnlySpan<byte>(_copies[block.Index] + (page << PageShift), PageSize));

    public void Dispose()
    {
        foreach (var copy in _copies) NativeMemory.AlignedFree(copy);
    }
}
