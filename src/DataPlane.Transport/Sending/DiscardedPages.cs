using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Takes out of what a channel has claimed the pages that the host has discarded. They were claimed and their stripe was protected again as for any other:
/// when one is populated and written, the dirty sources report it. For all channels of a crew, from any thread. Owns its bitmap.
/// </summary>
internal sealed class DiscardedPages : IDisposable
{
    // With sums of pages the copy that came last may be suspect, and only another clears it: a page that was sent and is discarded then is told of as zero.
    private readonly DirtyBitmap? _sent;

    public DiscardedPages(GuestMemory memory, bool pageSums) =>
        _sent = pageSums && memory.Blocks.Any(block => block.Info.Discarded is not null) ? new DirtyBitmap(memory) : null;

    /// <summary>
    /// Takes discarded pages out of <paramref name="claimed"/>, of guest-wide <paramref name="stripe"/>. Those that are left and must not be read are set
    /// in <paramref name="unread"/>, which is zero. Returns how many were taken out.
    /// </summary>
    public int TakeOut(RamBlock block, int stripe, Span<ulong> claimed, Span<ulong> unread)
    {
        if (block.Info.Discarded is not { } map) return 0;
        StripeWords gone = default;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) gone[word] = claimed[word];
        map.KeepDiscarded(stripe - block.FirstStripe, gone);
        if (_sent is not null)
        {
            StripeWords sent = default;
            _sent.Read(stripe, sent);
            for (var word = 0; word < PageGeometry.WordsPerStripe; word++)
            {
                unread[word] = gone[word] & sent[word];
                gone[word] &= ~sent[word];
            }
        }
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) claimed[word] &= ~gone[word];
        _ = _sent?.Or(stripe, claimed);
        return PageMask.Count(gone);
    }

    public void Dispose() => _sent?.Dispose();
}
