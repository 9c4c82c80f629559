using DataPlane.Core.Dirty;

namespace DataPlane.Transport.Sending;

/// <summary>
/// All stripes in lots of neighbours, and which channel has which. Each channel has a home: every so many lots. One that is through with its own takes
/// from those of others that are behind, so that none is left alone with its half; but only lots with something to send, since what a channel took it
/// keeps, and one that ran through clean memory would have all that is written there later. For any thread.
/// </summary>
internal sealed class StripeLots
{
    // 16 MiB: 2 to 4 ms of a channel, which is what another may be left with at the end of the walk.
    private const int MostStripes = 8;

    private readonly DirtyBitmap _bitmap;
    private readonly int _stripes;
    private readonly int _size;
    private readonly int[] _taken;
    private readonly int[] _next;

    /// <summary>Of the guest behind <paramref name="bitmap"/> for so many channels: an eighth of a fair share each, where that is little.</summary>
    public StripeLots(DirtyBitmap bitmap, int channels)
    {
        _bitmap = bitmap;
        _stripes = bitmap.Memory.StripeCount;
        Channels = channels;
        _size = Math.Clamp(_stripes / (channels * 8), 1, MostStripes);
        Count = (_stripes + _size - 1) / _size;
        _taken = new int[Count];
        _next = new int[Count];
    }

    public int Channels { get; }

    public int Count { get; }

    /// <summary>Takes <paramref name="lot"/>, unless another has.</summary>
    public bool TryTake(int lot) => Volatile.Read(ref _taken[lot]) == 0 && Interlocked.Exchange(ref _taken[lot], 1) == 0;

    /// <summary>Whether nobody has <paramref name="lot"/> and any of its pages is marked.</summary>
    public bool IsWorthTaking(int lot)
    {
        if (Volatile.Read(ref _taken[lot]) != 0) return false;
        var (stripe, end) = Range(lot);
        return FirstMarked(stripe, end) < end;
    }

    /// <summary>The first stripe with a marked page from <paramref name="stripe"/> on and before <paramref name="end"/>; that where there is none.</summary>
    public int FirstMarked(int stripe, int end) => _bitmap.FirstMarked(stripe, end);

    /// <summary>Its first stripe, and the one behind its last.</summary>
    public (int First, int End) Range(int lot) => (lot * _size, Math.Min((lot + 1) * _size, _stripes));

    /// <summary>The lot that follows in its channel's list; -1 behind the last. For the channel's thread.</summary>
    public int After(int lot) => _next[lot] - 1;

    /// <summary>Puts <paramref name="lot"/> behind <paramref name="last"/>. For the channel's thread.</summary>
    public void Append(int last, int lot) => _next[last] = lot + 1;
}
