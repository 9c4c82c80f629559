using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// KVM's dirty log with manual protection: pages are read without being protected again, and protected chunk by chunk just before
/// they are sent. Logging starts with every page counted as written, so that starting costs microseconds whatever the guest's
/// size. Sees the writes of vCPUs, not those that this process makes itself: combine it with an
/// <see cref="ExplicitDirtySource"/>.
/// </summary>
/// <remarks>
/// The VM and its slots stay the embedder's. Between <see cref="Start"/> and <see cref="Stop"/> the embedder neither changes the
/// listed slots nor reads or clears their logs, and the dirty ring is off. Sync and Reprotect allocate nothing.
/// </remarks>
public sealed class KvmDirtyLog : IDirtySource
{
    /// <summary>Stripes that are protected again by one call: 32, which is 64 MiB and 16,384 pages.</summary>
    /// <remarks>
    /// Measured on a guest of 1 GiB dirtied all over, one vCPU running: a call costs 20 to 70 us, as the vCPU has to drop what it
    /// knows of the page tables, and 3 to 7 ns per page (25 ns at worst). A pass so costs 9.6 ms in chunks of 2 MiB, 2.9 ms in
    /// chunks of 16 MiB, 0.4 to 0.7 ms in chunks of 64 MiB and 0.1 to 0.2 ms in one. 64 MiB take 10 ms to send at 6 GB/s: one
    /// call is under 1 % of that. Larger ones save nothing that shows, hold the VM's lock for longer (64 MiB of dirty pages:
    /// 16,384 times 25 ns are 0.4 ms) and protect pages long before they are sent, so that the guest pays for them and writes
    /// them again.
    /// </remarks>
    internal const int StripesPerChunk = 32;

    private const int Needed = 1 | 2; // KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE | KVM_DIRTY_LOG_INITIALLY_SET

    private readonly int _vmFd;
    private readonly GuestMemory _memory;
    private readonly KvmDirtySlot?[] _slotOfBlock;
    private bool _started;
    private bool _disposed;

    /// <summary>
    /// A log for the VM behind <paramref name="vmFd"/> (from <c>KVM_CREATE_VM</c>, not owned). Blocks of <paramref
    /// name="memory"/> without a slot are not tracked here. Throws <see cref="ArgumentException"/> naming the slot that cannot be
    /// tracked.
    /// </summary>
    public KvmDirtyLog(int vmFd, GuestMemory memory, IReadOnlyList<KvmMemorySlot> slots)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(slots);
        KvmSlotFaults.Throw(memory, slots);
        _vmFd = vmFd;
        _memory = memory;
        _slotOfBlock = new KvmDirtySlot?[memory.Blocks.Count];
        foreach (var slot in slots)
            _slotOfBlock[slot.Block.Index] = new KvmDirtySlot(vmFd, slot);
    }

    /// <inheritdoc/>
    public string Name => "protect";

    /// <summary>Why this log does not work for the VM behind <paramref name="vmFd"/>, and what to do; null where it does.</summary>
    internal static string? Missing(int vmFd) =>
        (KvmVmCalls.Check(vmFd, KvmNative.CapManualDirtyLogProtect2) & Needed) == Needed
            ? null
            : "KVM's dirty log has no manual protection here (KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 with INITIALLY_SET). Without it this way "
              + "of tracking written pages is not available. Use Linux 5.7 or newer, or another dirty source.";

    /// <summary>Begins logging. Throws <see cref="KvmException"/> where the kernel lacks manual protection.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_started) return;
        if (Missing(_vmFd) is { } missing) throw new KvmException(missing);
        KvmVmCalls.Enable(_vmFd, KvmNative.CapManualDirtyLogProtect2, Needed);
        _started = true;
        foreach (var slot in _slotOfBlock) slot?.Start();
    }

    /// <inheritdoc/>
    public long Sync(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        long added = 0;
        foreach (var slot in _slotOfBlock)
            if (slot is not null) added += slot.Sync(into);
        return added;
    }

    /// <inheritdoc/>
    public void Reprotect(int stripe)
    {
        var block = _memory.BlockOfStripe(stripe);
        _slotOfBlock[block.Index]?.Reprotect(stripe - block.FirstStripe);
    }

    /// <inheritdoc/>
    public void Restore(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        foreach (var slot in _slotOfBlock) slot?.Restore(into);
    }

    /// <summary>Ends logging and gives the VM back the automatic protection it had.</summary>
    public void Stop()
    {
        if (!_started) return;
        _started = false;
        foreach (var slot in _slotOfBlock) slot?.Stop();
        KvmVmCalls.Enable(_vmFd, KvmNative.CapManualDirtyLogProtect2, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        Stop();
        _disposed = true;
        foreach (var slot in _slotOfBlock) slot?.Dispose();
    }
}
