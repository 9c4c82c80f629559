using System.Diagnostics;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending;

/// <summary>
/// What each frame of one channel carried, until the destination says that it is placed: sent is not received. On any failure the
/// pages of the frames still in here are dirty again. The channel's thread adds, the return path acknowledges.
/// </summary>
/// <remarks>
/// Bounded: 16,384 frames of 88 bytes are 1.4 MiB. With acknowledgements every 10 ms that allows 1.6 million frames a second, more
/// than one core can send; a channel that gets there waits.
/// </remarks>
internal sealed class UnacknowledgedRing
{
    public const int Capacity = 16 << 10;

    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly object _gate = new();
    private ulong _added;
    private ulong _acknowledged;
    private volatile bool _aborted;

    /// <summary>Frames added so far; the last one's sequence number.</summary>
    public ulong Added => Volatile.Read(ref _added);

    /// <summary>Frames the destination holds.</summary>
    public ulong Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Wire bytes of the frames the destination holds.</summary>
    public long AcknowledgedBytes { get; private set; }

    /// <summary>Remembers that the next frame carries <paramref name="pages"/> of <paramref name="stripe"/>. False once aborted.</summary>
    public bool TryAdd(int stripe, in StripeWords pages, int frameBytes) => TryAdd(stripe, pages, 0, frameBytes);

    /// <summary>Remembers that the next frame carries <paramref name="count"/> whole stripes.</summary>
    public bool TryAddRun(int firstStripe, int count, int frameBytes) => TryAdd(firstStripe, default, count, frameBytes);

    /// <summary>Remembers that the next frame carries no pages.</summary>
    public bool TryAddOther(int frameBytes) => TryAdd(-1, default, 0, frameBytes);

    /// <summary>Takes word that all frames up to <paramref name="sequence"/> are placed. False when that cannot be: they were not sent.</summary>
    public bool Acknowledge(ulong sequence)
    {
        lock (_gate)
        {
            if (sequence > Added) return false;
            if (sequence <= _acknowledged) return true; // An older message that was overtaken says nothing new.
            AcknowledgedBytes = _entries[(sequence - 1) % Capacity].BytesUpTo;
            Volatile.Write(ref _acknowledged, sequence);
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Lets a thread that waits for room go, and refuses everything from now on.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _aborted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Marks every page that is not known to be placed. The channel's thread must have ended.</summary>
    public void PutBack(DirtyBitmap bitmap)
    {
        Span<ulong> mask = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (var sequence = _acknowledged; sequence < _added; sequence++)
        {
            ref readonly var entry = ref _entries[sequence % Capacity];
            if (entry.Stripe >= 0 && entry.RunCount == 0)
                _ = bitmap.Or(entry.Stripe, entry.Pages);
            for (var i = 0; i < entry.RunCount; i++)
                ZeroRun.MarkWhole(bitmap, entry.Stripe + i, mask);
        }
    }

    private bool TryAdd(int stripe, in StripeWords pages, int runCount, int frameBytes)
    {
        if (_aborted || (_added - Acknowledged >= Capacity && !WaitForRoom())) return false;
        var before = _added == 0 ? 0 : _entries[(_added - 1) % Capacity].BytesUpTo;
        ref var entry = ref _entries[_added % Capacity];
        entry.Stripe = stripe;
        entry.RunCount = runCount;
        entry.Pages = pages;
        entry.BytesUpTo = before + frameBytes;
        Volatile.Write(ref _added, _added + 1); // Published before the frame is sent: an acknowledgement can not overtake it.
        Debug.Assert(_added - Acknowledged <= Capacity, "the ring holds every frame that is not acknowledged");
        return true;
    }

    private bool WaitForRoom()
    {
        lock (_gate)
        {
            while (_added - _acknowledged >= Capacity && !_aborted)
                Monitor.Wait(_gate);
            return !_aborted;
        }
    }

    private struct Entry
    {
        public int Stripe;
        public int RunCount;
        public long BytesUpTo;
        public StripeWords Pages;
    }
}
