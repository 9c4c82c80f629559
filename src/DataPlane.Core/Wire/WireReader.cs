using System.Buffers.Binary;
using System.Text;

namespace DataPlane.Core.Wire;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Never throws and never reads beyond its span: a missing byte turns <see cref="Failed"/>
/// on, and everything after reads as zero. A message is good only if <see cref="AtEnd"/> holds when all its fields are read.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> input)
{
    public const int MaxTextBytes = 4096;

    private ReadOnlySpan<byte> _rest = input;

    /// <summary>Whether a field was missing or a length too large.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether all was read, and nothing was missing.</summary>
    public readonly bool AtEnd => !Failed && _rest.IsEmpty;

    /// <summary>Bytes not read yet: what a count from the wire is checked against before anything is allocated for it.</summary>
    public readonly int Remaining => _rest.Length;

    public byte U8() => Take(1) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    public ushort U16() => Take(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint U32() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ulong U64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    public long I64() => (long)U64();

    public Guid Id() => Take(16) is { IsEmpty: false } bytes ? new Guid(bytes) : Guid.Empty;

    /// <summary>Text that is not UTF-8 is read with replacement characters: it is for people, or fails a comparison.</summary>
    public string Text()
    {
        var length = U16();
        if (length > MaxTextBytes) Fail();
        return Encoding.UTF8.GetString(Take(length));
    }

    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    /// <summary>
    /// A count of items of at least <paramref name="itemSize"/> bytes each: fails when more are announced than can still follow
    /// or than <paramref name="most"/>.
    /// </summary>
    public int Count(int itemSize, int most)
    {
        var count = U32();
        if (count > (uint)most || count > (uint)(_rest.Length / itemSize)) Fail();
        return Failed ? 0 : (int)count;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count > _rest.Length)
        {
            Fail();
            return default;
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private void Fail()
    {
        Failed = true;
        _rest = default;
    }
}
