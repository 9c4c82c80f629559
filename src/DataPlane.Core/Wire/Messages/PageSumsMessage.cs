using System.Runtime.InteropServices;

namespace DataPlane.Core.Wire.Messages;

/// <summary>
/// The sums of consecutive pages of one block, for the comparison of both memories. No sums: that was all, and the destination
/// answers with <see cref="VerifiedMessage"/>.
/// </summary>
internal sealed record PageSumsMessage(uint Block, long FirstPage, ulong[] Sums) : IControlMessage<PageSumsMessage>
{
    /// <summary>Most sums in a message: those of 512 MiB take 1 MiB.</summary>
    public const int MaxSums = 128 << 10;

    public ControlMessageType Type => ControlMessageType.PageSums;

    public void Write(WireWriter writer)
    {
        writer.U32(Block);
        writer.I64(FirstPage);
        writer.U32((uint)Sums.Length);
        writer.Bytes(MemoryMarshal.AsBytes<ulong>(Sums));
    }

    public static PageSumsMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var block = reader.U32();
        var first = reader.I64();
        var count = reader.Count(sizeof(ulong), MaxSums);
        var sums = MemoryMarshal.Cast<byte, ulong>(reader.Bytes(count * sizeof(ulong)));
        return reader.AtEnd ? new PageSumsMessage(block, first, sums.ToArray()) : null;
    }
}

/// <summary>The outcome of the comparison, and where the first difference is.</summary>
internal sealed record VerifiedMessage(long Pages, long Mismatched, string FirstMismatch) : IControlMessage<VerifiedMessage>
{
    public ControlMessageType Type => ControlMessageType.Verified;

    public void Write(WireWriter writer)
    {
        writer.I64(Pages);
        writer.I64(Mismatched);
        writer.Text(FirstMismatch);
    }

    public static VerifiedMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new VerifiedMessage(reader.I64(), reader.I64(), reader.Text());
        return reader.AtEnd ? message : null;
    }
}
