namespace DataPlane.Core.Wire.Messages;

/// <summary>The destination's answer: it takes the guest. The token lets data channels join.</summary>
/// <param name="Version">The protocol version both go on with.</param>
/// <param name="Features">The features both use.</param>
/// <param name="Token">Secret of this session; a data channel shows it.</param>
/// <param name="MemoryState">Number of the destination's declared memory state: 0 fresh, 1 unmapped, 2 populated.</param>
/// <param name="BackingPageSize">Bytes of a page of its memory.</param>
internal sealed record AcceptMessage(ushort Version, ulong Features, Guid Token, byte MemoryState, uint BackingPageSize)
    : IControlMessage<AcceptMessage>
{
    public ControlMessageType Type => ControlMessageType.Accept;

    public void Write(WireWriter writer)
    {
        writer.U16(Version);
        writer.U64(Features);
        writer.Id(Token);
        writer.U8(MemoryState);
        writer.U32(BackingPageSize);
    }

    public static AcceptMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var accept = new AcceptMessage(reader.U16(), reader.U64(), reader.Id(), reader.U8(), reader.U32());
        return reader.AtEnd ? accept : null;
    }
}
