using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Kit;

/// <summary>
/// Bytes that end where an inaccessible page begins, after another one and a canary: a step past the end ends the process, a write before
/// the start is found by <see cref="IsIntact"/>.
/// </summary>
internal sealed unsafe class GuardedBytes : IDisposable
{
    private const byte Canary = 0xA5;
    private readonly nint _place;
    private readonly nuint _reserved;
    private readonly byte* _open;
    private readonly byte* _end;

    public GuardedBytes(int capacity)
    {
        var open = (nuint)(capacity + PageSize - 1) & ~(nuint)(PageSize - 1);
        _reserved = open + (2 * PageSize);
        _place = MemoryNative.Mmap(0, _reserved, MemoryNative.ProtNone, MemoryNative.MapPrivate | MemoryNative.MapAnonymous, -1, 0);
        if (_place == -1) throw new InvalidOperationException("No address space for guarded bytes.");
        const int Flags = MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MemoryNative.MapFixed;
        if (MemoryNative.Mmap(_place + PageSize, open, MemoryNative.ProtReadWrite, Flags, -1, 0) == -1)
            throw new InvalidOperationException("No memory for guarded bytes.");
        _open = (byte*)_place + PageSize;
        _end = _open + open;
    }

    /// <summary>The last <paramref name="length"/> bytes before the guard, each <paramref name="fill"/>; the canary is laid before them.</summary>
    public Span<byte> Take(int length, byte fill)
    {
        new Span<byte>(_open, (int)(_end - _open) - length).Fill(Canary);
        var taken = new Span<byte>(_end - length, length);
        taken.Fill(fill);
        return taken;
    }

    /// <summary>A copy of <paramref name="bytes"/> that ends at the guard.</summary>
    public Span<byte> Take(ReadOnlySpan<byte> bytes)
    {
        var taken = Take(bytes.Length, 0);
        bytes.CopyTo(taken);
        return taken;
    }

    /// <summary>Whether nothing was written before the last <paramref name="length"/> bytes.</summary>
    public bool IsIntact(int length) => !new ReadOnlySpan<byte>(_open, (int)(_end - _open) - length).ContainsAnyExcept(Canary);

    public void Dispose() => _ = MemoryNative.Munmap(_place, _reserved);
}
