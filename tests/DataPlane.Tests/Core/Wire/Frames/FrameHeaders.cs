using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Wire.Frames;

/// <summary>Sealed headers, one good one of each kind, for a guest whose blocks differ in every way that matters.</summary>
internal static class FrameHeaders
{
    public const long SectionSize = (1 << 20) + 17;

    public static readonly GuestMemory Memory = Kit.AddressOnlyMemory.OfPages(1, 513, (3 * 512) - 5, 512);

    public static readonly FrameChecks Checks = new(Memory, [SectionSize, 0]);

    public static FrameHeader Pages(int block = 2, uint stripe = 1)
    {
        var header = New(FrameKind.Pages, (ushort)block, stripe);
        header.PageMap[0] = 0b1011;
        header.ZeroMap[0] = 0b0100;
        header.PayloadLength = 3 * PageSize;
        return Sealed(header);
    }

    public static FrameHeader ZeroStripes()
    {
        var header = New(FrameKind.ZeroStripes, 2, 0);
        header.RunCount = 2;
        header.RunStride = 2;
        return Sealed(header);
    }

    public static FrameHeader DeviceState()
    {
        var header = New(FrameKind.DeviceState, 0, 0);
        header.StateOffset = 1 << 20;
        header.StateTotal = SectionSize;
        header.PayloadLength = 17;
        return Sealed(header);
    }

    public static FrameHeader Fence()
    {
        var header = New(FrameKind.Fence, 0, 0);
        header.Digest = 0x12345678;
        return Sealed(header);
    }

    public static FrameHeader Sealed(FrameHeader header)
    {
        header.Seal();
        return header;
    }

    public static FrameHeader New(FrameKind kind, ushort block, uint index) => new()
    {
        Kind = kind,
        Block = block,
        Index = index,
        Pass = 3,
        Sequence = 1,
    };
}
