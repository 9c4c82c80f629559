using System.Buffers;
using DataPlane.Linux.Memory;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Where one device section's state is saved to: a buffer of the declared size, made before the blackout, whose pages are lent to the sockets. Writing more than
/// was declared throws <see cref="InvalidOperationException"/>.
/// </summary>
internal sealed unsafe class SectionBuffer : IBufferWriter<byte>
{
    // Writers ask for more room than they then use; only what they advance over counts against the declared size.
    private const int Slack = 4096;

    /// <summary>Most bytes of a section: an array holds a little less than 2 GiB.</summary>
    public const int MaxSize = int.MaxValue - (64 << 10);

    private readonly string _id;
    private readonly int _declared;
    private readonly Memory<byte> _bytes;
    private readonly byte* _start; // Of those, which never move.

    public SectionBuffer(string id, long size)
    {
        if (size is < 0 or > MaxSize)
            throw new ArgumentException($"Device section '{id}' declares {size} bytes; accepted: 0 to {MaxSize}.", nameof(size));
        _id = id;
        _declared = (int)size;
        var memory = new LendableMemory(_declared + Slack); // First touched here, not in the blackout.
        _bytes = memory.Memory;
        _start = memory.Start;
    }

    /// <summary>Bytes saved.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Saved => Memory.Span;

    /// <summary>The bytes saved, for as long as the buffer is kept.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes[..Length];

    /// <summary>Address of the byte at <paramref name="offset"/>, for as long as the buffer is kept.</summary>
    public byte* Pointer(int offset) => _start + offset;

    public void Advance(int count)
    {
        if (count < 0 || count > _declared - Length) throw TooLarge(count);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (Math.Max(sizeHint, 1) > _bytes.Length - Length) throw TooLarge(sizeHint);
        return _bytes[Length..];
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private InvalidOperationException TooLarge(int more) =>
        new($"Device section '{_id}' is larger than declared: {_declared} bytes were announced, {Length} are written, {more} more are wanted.");
}
