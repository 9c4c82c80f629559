using System.Numerics;
using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// KVM's dirty rings: each vCPU lists the pages that it writes. What a read costs depends on how much was written and not on the guest's
/// size, and a vCPU that writes faster than its ring is emptied is held back. Sees the writes of vCPUs, not those that this process
/// makes itself: combine it with an <see cref="ExplicitDirtySource"/>.
/// </summary>
/// <remarks>
/// <para>The position in the rings lives here and nowhere else, so a VM has one of these, made once its vCPUs are and disposed before they
/// are closed; it may be started and stopped any number of times. The order of calls is <see cref="Enable"/>, KVM_CREATE_VCPU for all,
/// then the constructor. The VM, its slots and vCPUs stay the embedder's; between <see cref="Start"/> and <see cref="Stop"/> it
/// does not change the listed slots.</para>
/// <para>When KVM_RUN returns KVM_EXIT_DIRTY_RING_FULL (31), the vCPU's thread calls <see cref="Harvest"/> and runs the vCPU again.</para>
/// <para>Where the CPU buffers what it logs (Intel's PML), up to 512 pages of a vCPU that stays in the guest appear with its next exit, and
/// so maybe a Sync later than the contract says. Once a vCPU has left KVM_RUN nothing of its is held back: the final Sync misses nothing.</para>
/// </remarks>
public sealed class KvmDirtyRing : IDirtySource
{
    /// <summary>
    /// Entries of a ring where nothing else is asked for: 65,536 of 16 bytes, the kernel's maximum. One vCPU first-writes 0.4 million
    /// pages a second at most (measured), so this is 0.16 s of its writing, several times what lies between two reads.
    /// </summary>
    public const int DefaultEntries = 1 << 16;

    private const int EntryBytes = 16;

    private readonly int _vmFd;
    private readonly KvmMemorySlot[] _slots;
    private readonly List<KvmVcpuRing> _rings = [];

    // Under _gate. A page goes from the rings to _pending and is protected before the lock is let go: whoever finds it in the bitmap of a
    // Sync may read it at once.
    private readonly Lock _gate = new();
    private readonly DirtyBitmap _pending;
    private bool _started;
    private bool _disposed;
    private long _fullExits;

    /// <summary>
    /// The rings of <paramref name="vcpuFds"/>, which are all vCPUs of the VM behind <paramref name="vmFd"/>, of <paramref name="entries"/>
    /// entries each as given to <see cref="Enable"/>. Throws <see cref="ArgumentException"/> naming the slot that cannot be tracked, and
    /// <see cref="LinuxException"/> where a ring cannot be mapped.
    /// </summary>
    public KvmDirtyRing(int vmFd, GuestMemory memory, IReadOnlyList<KvmMemorySlot> slots, IReadOnlyList<int> vcpuFds, int entries)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentNullException.ThrowIfNull(vcpuFds);
        KvmSlotFaults.Throw(memory, slots);
        _vmFd = vmFd;
        _slots = [.. slots];
        _pending = new DirtyBitmap(memory);
        try
        {
            foreach (var vcpu in vcpuFds) _rings.Add(new KvmVcpuRing(vcpu, entries));
        }
        catch (LinuxException)
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name => "ring";

    /// <summary>How often a vCPU had to stop because its ring was full. Any thread.</summary>
    public long FullExits => Interlocked.Read(ref _fullExits);

    /// <summary>
    /// Gives the VM dirty rings of <paramref name="entries"/> entries per vCPU (a power of two, 1,024 to 65,536) instead of dirty logs; before
    /// its first vCPU is made. Throws <see cref="KvmException"/> where the kernel has none.
    /// </summary>
    public static void Enable(int vmFd, int entries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entries, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries, DefaultEntries);
        if (!BitOperations.IsPow2(entries)) throw new ArgumentException($"A dirty ring of {entries} entries is not a power of two.", nameof(entries));
        if (Missing(vmFd) is { } missing) throw new KvmException(missing);
        KvmVmCalls.Enable(vmFd, Capability(vmFd), (ulong)entries * EntryBytes);
    }

    /// <summary>Why the VM behind <paramref name="vmFd"/> can have no rings, and what to do; null where it can.</summary>
    internal static string? Missing(int vmFd) =>
        MostBytes(vmFd) != 0
            ? null
            : "KVM has no dirty rings here (KVM_CAP_DIRTY_LOG_RING on x86-64). Use Linux 5.11 or newer, or another dirty source.";

    /// <summary>Most bytes of a ring that the VM behind <paramref name="vmFd"/> can have; 0 where it can have none.</summary>
    internal static int MostBytes(int vmFd) =>
        // Arm also needs a bitmap beside the rings for what its interrupt controller writes.
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? KvmVmCalls.Check(vmFd, Capability(vmFd)) : 0;

    /// <summary>Begins logging; protects every page that the guest has mapped. Throws <see cref="LinuxException"/> where KVM refuses.</summary>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_started) return;
            _started = true;
            foreach (var slot in _slots) slot.SetLogging(_vmFd, on: true);
        }
    }

    /// <summary>
    /// Empties the rings, so that a vCPU whose ring was full can go on; the pages are reported by the next Sync. On the vCPU's thread,
    /// after KVM_EXIT_DIRTY_RING_FULL; also between Stop and Start, where it finds them empty. Allocates nothing.
    /// </summary>
    public void Harvest()
    {
        Interlocked.Increment(ref _fullExits);
        lock (_gate)
            if (!_disposed) Collect();
    }

    /// <inheritdoc/>
    public long Sync(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Collect();
            return Move(into);
        }
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
        lock (_gate)
        {
            if (!_started) return;
            _started = false;
            foreach (var slot in _slots) slot.SetLogging(_vmFd, on: false);
            // What is left must not be news to the next Start, and a full ring would hold its vCPU for ever.
            Collect();
            Move(into: null);
        }
    }

    /// <summary>Stops, and unmaps the rings. After it no vCPU may be run with logging on.</summary>
    public void Dispose()
    {
        Stop();
        lock (_gate)
        {
            _disposed = true;
            foreach (var ring in _rings) ring.Dispose();
            _rings.Clear();
            _pending.Dispose();
        }
    }

    private static uint Capability(int vmFd) =>
        KvmVmCalls.Check(vmFd, KvmNative.CapDirtyLogRingAcquireRelease) != 0
            ? KvmNative.CapDirtyLogRingAcquireRelease
            : KvmNative.CapDirtyLogRing;

    private void Collect()
    {
        var count = 0;
        foreach (var ring in _rings) count += ring.Harvest(_slots, _pending);
        if (count > 0) KvmVmCalls.ResetRings(_vmFd);
    }

    private long Move(DirtyBitmap? into)
    {
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        long added = 0;
        for (var stripe = 0; stripe < _pending.Memory.StripeCount; stripe++)
            if (_pending.Claim(stripe, claimed) > 0 && into is not null)
                added += into.Or(stripe, claimed);
        return added;
    }
}
