using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// The dirty log of one memory slot. <c>pending</c> holds the pages that KVM has reported and that have not been cleared in the
/// kernel since: such a page is not write-protected, so a new write to it is not news to KVM. Clearing exactly those bits is what
/// keeps every page: a bit that is cleared without having been reported is a write that nobody will ever hear of.
/// </summary>
/// <remarks>
/// One lock per slot, held while the log is read and merged and while a chunk is cleared. A log read before a clear but merged
/// after it would mark as pending what the kernel has forgotten. It costs no parallelism: the kernel runs both calls under
/// one lock of the VM anyway.
/// </remarks>
internal sealed unsafe class KvmDirtySlot : IDisposable
{
    private readonly int _vmFd;
    private readonly KvmMemorySlot _slot;
    private readonly long _slotPages;
    private readonly long _firstPage;
    private readonly Lock _gate = new();
    private readonly ChunkFlag[] _chunks;
    private readonly nuint _bitmapBytes;
    private ulong* _reported;
    private ulong* _pending;

    public KvmDirtySlot(int vmFd, KvmMemorySlot slot)
    {
        _vmFd = vmFd;
        _slot = slot;
        _slotPages = slot.Bytes >> PageShift;
        _firstPage = slot.OffsetInSlot >> PageShift;
        _chunks = new ChunkFlag[(slot.Block.StripeCount + KvmDirtyLog.StripesPerChunk - 1) / KvmDirtyLog.StripesPerChunk];
        // A stripe's eight words are always readable, even where the slot ends inside the last stripe.
        _bitmapBytes = (nuint)((_slotPages + 63) / 64 + WordsPerStripe) * sizeof(ulong);
        _reported = Allocate();
        _pending = Allocate();
    }

    /// <summary>Turns logging on. KVM then counts every page as written, and protects none until it is cleared.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _slot.SetLogging(_vmFd, on: true);
            Span<ulong> mask = stackalloc ulong[WordsPerStripe];
            for (var stripe = 0; stripe < _slot.Block.StripeCount; stripe++)
            {
                GuestMemory.ExistingPages(_slot.Block, stripe, mask);
                mask.CopyTo(Pending(stripe));
            }
            for (var chunk = 0; chunk < _chunks.Length; chunk++)
                Volatile.Write(ref _chunks[chunk].Pending, true);
        }
    }

    /// <summary>Adds the newly reported pages to <paramref name="into"/>. Returns how many were not marked there.</summary>
    public long Sync(DirtyBitmap into)
    {
        long added = 0;
        Span<ulong> fresh = stackalloc ulong[WordsPerStripe];
        Span<ulong> existing = stackalloc ulong[WordsPerStripe];
        lock (_gate)
        {
            KvmVmCalls.GetLog(_vmFd, _slot.Slot, _reported);
            for (var stripe = 0; stripe < _slot.Block.StripeCount; stripe++)
            {
                var pending = Pending(stripe);
                if (!Fresh(Words(_reported, stripe), pending, fresh)) continue;
                GuestMemory.ExistingPages(_slot.Block, stripe, existing);
                for (var word = 0; word < WordsPerStripe; word++)
                {
                    fresh[word] &= existing[word];
                    pending[word] |= fresh[word];
                }
                if (PageMask.IsEmpty(fresh)) continue; // The slot goes on behind the block.
                // Before the pages can be claimed: whoever claims one must find its chunk pending. The interlocked OR below is
                // the barrier.
                Volatile.Write(ref _chunks[stripe / KvmDirtyLog.StripesPerChunk].Pending, true);
                added += into.Or(_slot.Block.FirstStripe + stripe, fresh);
            }
        }
        return added;
    }

    /// <summary>
    /// Makes the chunk of the block's stripe <paramref name="stripe"/> report writes again. Costs one read where another thread
    /// has done it: the flag falls only after the kernel has cleared all that was pending.
    /// </summary>
    public void Reprotect(int stripe)
    {
        var chunk = stripe / KvmDirtyLog.StripesPerChunk;
        if (Volatile.Read(ref _chunks[chunk].Pending)) Clear(chunk);
    }

    /// <summary>Marks every pending page again.</summary>
    public void Restore(DirtyBitmap into)
    {
        lock (_gate)
            for (var stripe = 0; stripe < _slot.Block.StripeCount; stripe++)
                into.Or(_slot.Block.FirstStripe + stripe, Pending(stripe));
    }

    /// <summary>Turns logging off.</summary>
    public void Stop()
    {
        lock (_gate) _slot.SetLogging(_vmFd, on: false);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_reported);
        NativeMemory.AlignedFree(_pending);
        _reported = _pending = null;
    }

    private void Clear(int chunk)
    {
        lock (_gate)
        {
            if (!_chunks[chunk].Pending) return;
            var first = _firstPage + ((long)chunk * KvmDirtyLog.StripesPerChunk * PagesPerStripe);
            var end = Math.Min(first + (KvmDirtyLog.StripesPerChunk * PagesPerStripe), _firstPage + _slot.Block.PageCount);
            end = Math.Min((end + 63) & ~63L, _slotPages); // Bits past the block are 0 and so are not touched.
            var words = _pending + (first >> 6);
            KvmVmCalls.ClearLog(_vmFd, _slot.Slot, first, end - first, words);
            new Span<ulong>(words, (int)((end - first + 63) >> 6)).Clear();
            Volatile.Write(ref _chunks[chunk].Pending, false);
        }
    }

    private static bool Fresh(ReadOnlySpan<ulong> reported, ReadOnlySpan<ulong> pending, Span<ulong> fresh)
    {
        ulong any = 0;
        for (var word = 0; word < WordsPerStripe; word++)
            any |= fresh[word] = reported[word] & ~pending[word];
        return any != 0;
    }

    private Span<ulong> Pending(int stripe) => Words(_pending, stripe);

    private Span<ulong> Words(ulong* bitmap, int stripe) =>
        new(bitmap + (_firstPage >> 6) + ((long)stripe * WordsPerStripe), WordsPerStripe);

    private ulong* Allocate()
    {
        var bitmap = (ulong*)NativeMemory.AlignedAlloc(_bitmapBytes, 64);
        NativeMemory.Clear(bitmap, _bitmapBytes);
        return bitmap;
    }

    /// <summary>One cache line per chunk: a clear must not take the line from the threads that poll its neighbours.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct ChunkFlag
    {
        public bool Pending;
    }
}
