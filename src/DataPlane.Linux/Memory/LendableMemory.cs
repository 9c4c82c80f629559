using System.Buffers;
using System.Runtime.InteropServices;

namespace DataPlane.Linux.Memory;

/// <summary>
/// Private memory of whole pages whose pages may still be on their way through a socket when nobody uses them here any more: unmapped, they stay the socket's until it
/// lets go of them, where memory of the collector or of malloc would be given to somebody else in the meantime, and what that writes would go to the peer.
/// Touched when it is made, and given back when nothing refers to it: whoever has a pointer or a span holds on to this or to its memory as well.
/// </summary>
internal sealed unsafe class LendableMemory : MemoryManager<byte>
{
    private readonly int _length;
    private readonly Mapping _mapping = new();
    private readonly byte* _bytes;

    /// <exception cref="LinuxException">There is no room for it.</exception>
    public LendableMemory(int length)
    {
        _length = length;
        var address = MemoryNative.Mmap(0, (nuint)length, MemoryNative.ProtReadWrite, MemoryNative.MapPrivate | MemoryNative.MapAnonymous, -1, 0);
        if (address == -1) throw LinuxException.Last($"mapping {length} bytes");
        _bytes = (byte*)address;
        _mapping.Hold(address, (nuint)length);
        GetSpan().Clear();
    }

    /// <summary>Its first byte.</summary>
    public byte* Start => _bytes;

    public override Span<byte> GetSpan() => new(_bytes, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex, pinnable: this);

    public override void Unpin()
    {
        // It never moves.
    }

    protected override void Dispose(bool disposing)
    {
        // By nobody: sockets, a host and a description may each hold on to it for longer than the others.
    }

    /// <summary>Unmaps it when it is finalized.</summary>
    private sealed class Mapping() : SafeHandle(-1, ownsHandle: true)
    {
        private nuint _length;

        public override bool IsInvalid => handle == -1;

        public void Hold(nint address, nuint length)
        {
            _length = length;
            SetHandle(address);
        }

        protected override bool ReleaseHandle() => MemoryNative.Munmap(handle, _length) == 0;
    }
}
