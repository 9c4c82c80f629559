using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// KVM's dirty log as every KVM has it: reading the log clears it and protects its pages again in the same call. Simple, and dearer
/// than <see cref="KvmDirtyLog"/>: pages are protected long before they are sent, and starting protects all of memory. Sees the
/// writes of vCPUs, not those that this process makes itself: combine it with an <see cref="ExplicitDirtySource"/>.
/// </summary>
/// <remarks>
/// The VM and its slots stay the embedder's. Between <see cref="Start"/> and <see cref="Stop"/> the embedder neither changes the
/// listed slots nor reads their logs, and the dirty ring is off. <see cref="Start"/> turns manual protection off for the whole VM
/// and <see cref="Stop"/> leaves it off. Sync allocates nothing.
/// </remarks>
public sealed unsafe class KvmAutomaticDirtyLog : IDirtySource
{
    private readonly int _vmFd;
    private readonly KvmMemorySlot[] _slots;
    private ulong* _log;
    private bool _started;

    /// <summary>
    /// A log for the VM behind <paramref name="vmFd"/> (from <c>KVM_CREATE_VM</c>, not owned). Blocks of <paramref
    /// name="memory"/> without a slot are not tracked here. Throws <see cref="ArgumentException"/> naming the slot that cannot be
    /// tracked.
    /// </summary>
    public KvmAutomaticDirtyLog(int vmFd, GuestMemory memory, IReadOnlyList<KvmMemorySlot> slots)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(slots);
        KvmSlotFaults.Throw(memory, slots);
        _vmFd = vmFd;
        _slots = [.. slots];
        // One buffer, as the slots are read in turn; a stripe's eight words are readable even where a slot ends inside its last stripe.
        var words = _slots.Select(slot => ((slot.Bytes >> PageShift) + 63) / 64).DefaultIfEmpty().Max() + WordsPerStripe;
        _log = (ulong*)NativeMemory.AlignedAlloc((nuint)words * sizeof(ulong), 64);
        NativeMemory.Clear(_log, (nuint)words * sizeof(ulong));
    }

    /// <summary>Frees the buffer if the owner forgot to.</summary>
    ~KvmAutomaticDirtyLog() => NativeMemory.AlignedFree(_log);

    /// <inheritdoc/>
    public string Name => "log";

    /// <summary>Begins logging; protects every page that the guest has mapped. Throws <see cref="LinuxException"/> where KVM refuses.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_log == null, this);
        if (_started) return;
        // With manual protection a read neither clears nor protects, and every page would be reported once and never again.
        if (KvmVmCalls.Check(_vmFd, KvmNative.CapManualDirtyLogProtect2) != 0)
            KvmVmCalls.Enable(_vmFd, KvmNative.CapManualDirtyLogProtect2, 0);
        _started = true;
        foreach (var slot in _slots) slot.SetLogging(_vmFd, on: true);
    }

    /// <inheritdoc/>
    public long Sync(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        ObjectDisposedException.ThrowIf(_log == null, this);
        long added = 0;
        foreach (var slot in _slots) added += Sync(slot, into);
        return added;
    }

    /// <summary>Nothing to do: a page is protected again before it is reported.</summary>
    public void Reprotect(int stripe)
    {
    }

    /// <summary>Nothing to do: no page is reported that is not protected again.</summary>
    public void Restore(DirtyBitmap into)
    {
    }

    /// <inheritdoc/>
    public void Stop()
    {
        if (!_started) return;
        _started = false;
        foreach (var slot in _slots) slot.SetLogging(_vmFd, on: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_log == null) return;
        Stop();
        NativeMemory.AlignedFree(_log);
        _log = null;
        GC.SuppressFinalize(this);
    }

    private long Sync(KvmMemorySlot slot, DirtyBitmap into)
    {
        long added = 0;
        Span<ulong> dirty = stackalloc ulong[WordsPerStripe];
        Span<ulong> existing = stackalloc ulong[WordsPerStripe];
        KvmVmCalls.GetLog(_vmFd, slot.Slot, _log);
        var words = _log + (slot.OffsetInSlot >> PageShift >> 6);
        for (var stripe = 0; stripe < slot.Block.StripeCount; stripe++, words += WordsPerStripe)
        {
            var reported = new ReadOnlySpan<ulong>(words, WordsPerStripe);
            if (PageMask.IsEmpty(reported)) continue;
            // The slot may go on behind the block, and a shorter slot leaves an earlier one's bits behind its own.
            GuestMemory.ExistingPages(slot.Block, stripe, existing);
            for (var word = 0; word < WordsPerStripe; word++) dirty[word] = reported[word] & existing[word];
            added += into.Or(slot.Block.FirstStripe + stripe, dirty);
        }
        return added;
    }
}
