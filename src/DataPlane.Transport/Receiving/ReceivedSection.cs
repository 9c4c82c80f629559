using System.Runtime.CompilerServices;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Transport.Receiving;

/// <summary>
/// Where one device section's state is received: a pinned buffer of the size the source declared, made (and zeroed) for this session.
/// Channel threads write different pieces at the same time; nobody reads before the last fence.
/// </summary>
internal sealed unsafe class ReceivedSection
{
    private readonly byte[] _bytes;
    private long _received;

    public ReceivedSection(string id, int version, long size)
    {
        Id = id;
        Version = version;
        _bytes = GC.AllocateArray<byte>(checked((int)size), pinned: true);
        _bytes.AsSpan().Clear(); // First touch here, not in the blackout.
    }

    public string Id { get; }

    public int Version { get; }

    public long Declared => _bytes.Length;

    /// <summary>Address for a piece; <see cref="Core.Wire.Frames.FrameChecks"/> has judged its range.</summary>
    public byte* Pointer(ulong offset) => (byte*)Unsafe.AsPointer(ref _bytes[offset]);

    public void Count(uint length) => Interlocked.Add(ref _received, length);

    /// <summary>The state, if it is what <paramref name="saved"/> says; else null and a sentence.</summary>
    public ReadOnlyMemory<byte>? Complete(SavedSection saved, CancellationToken stop, out string? fault)
    {
        var received = Interlocked.Read(ref _received);
        fault = null;
        if (saved.Size < 0 || saved.Size > Declared)
            fault = $"Device section '{Id}' is said to have {saved.Size} bytes, but {Declared} were declared.";
        else if (received != saved.Size)
            fault = $"Device section '{Id}' has {saved.Size} bytes, but {received} have arrived.";
        else if (Crc32c.Of(_bytes.AsSpan(0, (int)saved.Size), stop) != saved.Checksum)
            fault = $"Device section '{Id}' arrived with another checksum than it was sent with.";
        if (fault is not null) return null; // Not by a conditional: null would become an empty Memory there.
        return _bytes.AsMemory(0, (int)saved.Size);
    }
}
