using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Traces;
using DataPlane.Guests.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Recording;

/// <summary>Memory of this process whose written pages a dirty source reports. Owns the source; the memory stays the caller's.</summary>
public sealed class TrackedPages : IWrittenPages
{
    private readonly IDirtySource _source;
    private readonly GuestMemory _memory;
    private readonly MemoryPages _pages;
    private readonly DirtyBitmap _dirty;

    /// <summary>Takes what <paramref name="source"/> reports of <paramref name="memory"/>.</summary>
    public TrackedPages(IDirtySource source, GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(memory);
        (_source, _memory, _pages, _dirty) = (source, memory, new MemoryPages(memory), new DirtyBitmap(memory));
    }

    /// <inheritdoc/>
    public string Method => _source.Name;

    /// <inheritdoc/>
    public long MemoryBytes => _memory.ByteCount;

    /// <inheritdoc/>
    public void Start()
    {
        _source.Start();
        // A source that protects late reports nothing of a page before it was re-protected once.
        for (var stripe = 0; stripe < _memory.StripeCount; stripe++) _source.Reprotect(stripe);
        _ = Take(); // Marks that were there before.
    }

    /// <inheritdoc/>
    public IReadOnlyList<PageRun> Take()
    {
        _ = _source.Sync(_dirty);
        var runs = new PageRuns();
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        foreach (var block in _memory.Blocks)
        {
            for (var stripe = block.FirstStripe; stripe < block.FirstStripe + block.StripeCount; stripe++)
            {
                if (!_dirty.Any(stripe) || _dirty.Claim(stripe, claimed) == 0) continue;
                _source.Reprotect(stripe);
                var first = _pages.First(block.Index) + ((stripe - block.FirstStripe) * (long)PagesPerStripe);
                for (var page = 0; PageMask.NextRun(claimed, page, out var start, out var count); page = start + count)
                    runs.Add(first + start, count);
            }
        }
        return runs.Runs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Stop();
        _source.Dispose();
        _dirty.Dispose();
    }
}
