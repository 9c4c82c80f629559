using System.Buffers.Binary;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// One whole thing on its way through the relay: a preamble, a control message or a frame. What it is not is zero (which is never a valid
/// type or kind).
/// </summary>
/// <param name="Channel">Number of the data channel; -1 on the control connection.</param>
/// <param name="Message">Type of a control message.</param>
/// <param name="Frame">Kind of a frame.</param>
/// <param name="Pass">Pass of a frame of pages, number of a fence.</param>
/// <param name="Sequence">Of a frame.</param>
internal readonly record struct WireUnit(int Channel, ControlMessageType Message, FrameKind Frame, uint Pass, ulong Sequence)
{
    private const int MessageLength = 8, FramePass = 12, FrameSequence = 16, FrameLength = 24;

    public bool IsControl => Channel < 0;

    public bool IsPreamble => Message == 0 && Frame == 0;

    public static int HeaderSize(bool control) => control ? ControlHeader.Size : FrameHeader.Size;

    public static WireUnit Read(int channel, ReadOnlySpan<byte> header, out long payload)
    {
        payload = BinaryPrimitives.ReadUInt32LittleEndian(header[(channel < 0 ? MessageLength : FrameLength)..]);
        return channel < 0
            ? new WireUnit(channel, (ControlMessageType)BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), 0, 0, 0)
            : new WireUnit(
                channel, 0, (FrameKind)header[4], BinaryPrimitives.ReadUInt32LittleEndian(header[FramePass..]),
                BinaryPrimitives.ReadUInt64LittleEndian(header[FrameSequence..]));
    }
}

/// <summary>What becomes of a unit.</summary>
internal enum Fate
{
    Passes,

    /// <summary>It goes no further; the stream goes on behind it.</summary>
    Swallowed,

    /// <summary>A bit of its header is inverted.</summary>
    HeaderDamaged,

    /// <summary>A bit of its last byte is inverted: of the payload, where it has one.</summary>
    PayloadDamaged,
}
