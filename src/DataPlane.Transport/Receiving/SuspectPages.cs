using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Transport.Receiving;

/// <summary>
/// The pages whose last copy was not what the source had summed: the guest wrote them in between, or the way here changed them. Shared by
/// all channels of a session.
/// </summary>
/// <remarks>
/// A plain set and clear by the channel that placed the copy is right: copies of a page are judged in the order in which they were sent.
/// During the passes all frames of a stripe come on one channel, which judges each before it takes the next. When another channel may
/// carry the stripe, a fence stands between, and a fence is answered only when every frame before it has been judged on every channel.
/// The operations are atomic all the same: a source that breaks this order spoils only what is said of its own pages.
/// </remarks>
internal sealed class SuspectPages(GuestMemory memory) : IDisposable
{
    private readonly DirtyBitmap _suspect = new(memory);
    private long _seen;
    private long _cleared;

    /// <summary>How often a page became suspect.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    /// <summary>How often a later good copy, or word that the page is zero, cleared one.</summary>
    public long Cleared => Interlocked.Read(ref _cleared);

    /// <summary>Pages that are suspect now. Exact only when all channels stand still.</summary>
    public long Count => _suspect.Count();

    /// <summary>The copies placed last of <paramref name="bad"/> were not what was summed.</summary>
    public void Suspect(RamBlock block, int stripe, ReadOnlySpan<ulong> bad) =>
        Interlocked.Add(ref _seen, _suspect.Or(block.FirstStripe + stripe, bad));

    /// <summary>The copies placed last of <paramref name="good"/> were.</summary>
    public void Clear(RamBlock block, int stripe, ReadOnlySpan<ulong> good)
    {
        if (!_suspect.Any(block.FirstStripe + stripe)) return; // Nearly always: it costs a look at one cache line.
        Interlocked.Add(ref _cleared, _suspect.Remove(block.FirstStripe + stripe, good));
    }

    /// <summary>Marks the pages that are suspect now in <paramref name="into"/>. When all channels stand still.</summary>
    public void AddTo(DirtyBitmap into) => _suspect.AddTo(into);

    /// <summary>The first pages that are suspect, at most <paramref name="most"/>, for people: block and guest address.</summary>
    public string FirstOnes(int most)
    {
        var found = new List<string>();
        Span<ulong> bits = stackalloc ulong[WordsPerStripe];
        for (var stripe = 0; stripe < memory.StripeCount && found.Count < most; stripe++)
        {
            _suspect.Read(stripe, bits);
            var block = memory.BlockOfStripe(stripe);
            for (var page = 0; found.Count < most && PageMask.NextRun(bits, page, out var start, out _); page = start + 1)
            {
                var offset = (((long)(stripe - block.FirstStripe) * PagesPerStripe) + start) << PageShift;
                found.Add($"0x{block.Info.GuestAddress + (ulong)offset:x} of '{block.Info.Name}'");
            }
        }
        return string.Join(", ", found);
    }

    public void Dispose() => _suspect.Dispose();
}
