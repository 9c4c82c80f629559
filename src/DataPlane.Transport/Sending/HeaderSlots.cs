using DataPlane.Core.Wire.Frames;
using DataPlane.Linux;
using DataPlane.Linux.Memory;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Memory for the headers of frames, taken turn by turn, that the kernel may read for as long as it likes: a header that was given by reference is not written over
/// before its frame is placed. Used by one thread.
/// </summary>
/// <remarks>Mapped, not from the heap: pages that a socket still refers to keep what they hold when the mapping ends.</remarks>
/// <param name="unacknowledged">Which frames are placed.</param>
internal sealed unsafe class HeaderSlots(UnacknowledgedRing unacknowledged) : IDisposable
{
    /// <summary>168 pages of 4 KiB. At an acknowledgement every 10 ms enough for 400,000 frames a second by reference; those beyond are copied.</summary>
    public const int Count = 4096;

    private const nuint Bytes = Count * FrameHeader.Size;

    private FrameHeader* _slots = Map();
    private ulong _lentUpTo;

    /// <summary>The slot of frame <paramref name="sequence"/>. Allowed for the frames of <see cref="AreFree"/>.</summary>
    public FrameHeader* Of(ulong sequence) => _slots + (sequence % Count);

    /// <summary>Whether frames <paramref name="first"/> to <paramref name="last"/>, at most <see cref="Count"/> of them, may be written into their slots.</summary>
    public bool AreFree(ulong first, ulong last) =>
        last <= Count || unacknowledged.Acknowledged >= last - Count || (first > Count && first - Count > _lentUpTo);

    /// <summary>All frames up to <paramref name="sequence"/> may have been given by reference.</summary>
    public void Lent(ulong sequence) => _lentUpTo = sequence;

    public void Dispose()
    {
        if (_slots is not null) _ = MemoryNative.Munmap((nint)_slots, Bytes);
        _slots = null; // Disposing twice is allowed.
    }

    private static FrameHeader* Map()
    {
        var at = MemoryNative.Mmap(0, Bytes, MemoryNative.ProtReadWrite, MemoryNative.MapPrivate | MemoryNative.MapAnonymous, -1, 0);
        return at == -1 ? throw LinuxException.Last("mmap of frame headers") : (FrameHeader*)at;
    }
}
