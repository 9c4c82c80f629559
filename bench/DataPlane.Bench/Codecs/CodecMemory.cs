using DataPlane.Bench.Linux.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;

namespace DataPlane.Bench.Codecs;

/// <summary>Memory of one kind of contents at a source, and memory at a destination, both with their page tables set up.</summary>
internal sealed unsafe class CodecMemory : IDisposable
{
    private const int Piece = 64 << 10; // As `--fill mixed` cuts it.

    private readonly AllocatedMemory _source;
    private readonly AllocatedMemory _destination;

    public CodecMemory(string content, long bytes)
    {
        _source = AllocatedMemory.Create("codecs-source", bytes, hugePages: true);
        _destination = AllocatedMemory.Create("codecs-destination", bytes, hugePages: true);
        _source.Populate(Environment.ProcessorCount);
        _destination.Populate(Environment.ProcessorCount);
        for (long at = 0; at < bytes; at += Piece) Fill(content, at, new Span<byte>((byte*)_source.Address + at, Piece));
        Source = new GuestMemory([new RamBlockInfo("ram", _source.Address, bytes, 0, _source.BackingPageSize)]);
        Destination = new GuestMemory([new RamBlockInfo("ram", _destination.Address, bytes, 0, _destination.BackingPageSize)]);
    }

    public static IReadOnlyList<string> Contents { get; } = ["dump", "text", "random", "mixed", "zero"];

    public GuestMemory Source { get; }

    public GuestMemory Destination { get; }

    /// <summary>A fast wrong answer is no result.</summary>
    public void CheckEqual()
    {
        for (long at = 0; at < _source.Length; at += Piece)
            Answer.Check(true, new ReadOnlySpan<byte>((byte*)_source.Address + at, Piece).SequenceEqual(new ReadOnlySpan<byte>((byte*)_destination.Address + at, Piece)));
    }

    public void Poison()
    {
        for (long at = 0; at < _destination.Length; at += Piece) new Span<byte>((byte*)_destination.Address + at, Piece).Fill(0xA5);
    }

    public void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
    }

    private static void Fill(string content, long at, Span<byte> piece)
    {
        var number = at / Piece;
        var kind = content != "mixed" ? content : (number % 4) switch { 0 => "zero", 3 => "random", _ => "text" };
        if (kind == "zero") piece.Clear();
        else CodecContent.Of(kind).AsSpan((int)(number % (PageGeometry.StripeSize / Piece)) * Piece, Piece).CopyTo(piece);
    }
}
