using System.Numerics;

namespace DataPlane.Core.Wire.Frames;

/// <summary>
/// The running digest of one channel: CRC32C over the header checksums in order. Both ends keep one; a fence carries the sender's.
/// Equal digests mean equal headers in equal order.
/// </summary>
internal struct FrameDigest
{
    public uint Value { get; private set; }

    public void Add(in FrameHeader header) => Value = BitOperations.Crc32C(Value, header.Checksum);
}
