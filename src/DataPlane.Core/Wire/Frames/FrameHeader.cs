using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataPlane.Core.Wire.Frames;

/// <summary>
/// A frame's header as it stands on the wire, 168 bytes, little-endian (byte table in WIRE.md). It is filled in and read in place:
/// both ends of a migration are little-endian machines, which <see cref="FrameChecks"/> relies on and the handshake's magic proves.
/// The fields from 32 on have a meaning per kind.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct FrameHeader
{
    public const int Size = 168;
    /// <summary>Bytes of a page's checksum, where pages carry one each.</summary>
    public const int SumSize = sizeof(uint);

    public const uint MagicValue = 0x3146_5044; // "DPF1"
    private const int CheckedBytes = Size - sizeof(uint);

    [FieldOffset(0)] public uint Magic;
    [FieldOffset(4)] public FrameKind Kind;
    [FieldOffset(5)] public byte Encoding; // A PageEncoding; 0 in every kind but pages.
    [FieldOffset(6)] public ushort Block;

    /// <summary>Stripe within the block; for device state the section's number.</summary>
    [FieldOffset(8)] public uint Index;

    /// <summary>The pass it was sent in; for a fence its number.</summary>
    [FieldOffset(12)] public uint Pass;

    /// <summary>1, 2, 3, ... on each channel.</summary>
    [FieldOffset(16)] public ulong Sequence;

    [FieldOffset(24)] public uint PayloadLength;

    /// <summary>CRC32C of the payload of compressed pages and device state; of the pages' checksums where pages as they are carry them; else 0.</summary>
    [FieldOffset(28)] public uint PayloadChecksum;

    [FieldOffset(32)] public StripeWords PageMap;
    [FieldOffset(96)] public StripeWords ZeroMap;

    /// <summary>Zero stripes: how many.</summary>
    [FieldOffset(32)] public uint RunCount;

    /// <summary>Zero stripes: from one to the next, in stripes.</summary>
    [FieldOffset(36)] public uint RunStride;

    /// <summary>Device state: where in the section this piece begins.</summary>
    [FieldOffset(32)] public ulong StateOffset;

    /// <summary>Device state: bytes of the whole section.</summary>
    [FieldOffset(40)] public ulong StateTotal;

    /// <summary>Fence: the <see cref="FrameDigest"/> of all frames before it.</summary>
    [FieldOffset(32)] public uint Digest;

    [FieldOffset(160)] public uint Reserved;
    [FieldOffset(164)] public uint Checksum;

    /// <summary>Completes a header whose other fields are set.</summary>
    public void Seal()
    {
        Magic = MagicValue;
        Checksum = ComputeChecksum();
    }

    /// <summary>CRC32C over the first 164 bytes.</summary>
    public readonly uint ComputeChecksum()
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<FrameHeader>(in this))[..CheckedBytes];
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) // 20 words; the last 4 bytes below
            crc = BitOperations.Crc32C(crc, word);
        return ~BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<uint>(in bytes[CheckedBytes - sizeof(uint)]));
    }
}
