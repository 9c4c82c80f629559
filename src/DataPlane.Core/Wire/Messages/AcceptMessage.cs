namespace DataPlane.Core.Wire.Messages;

/// <summary>The destination's answer: it takes the guest. The key lets data channels join.</summary>
/// <param name="Version">The protocol version both go on with.</param>
/// <param name="Features">The features both use.</param>
/// <param name="Key">Secret of this session and nonce, for the MACs that data channels show.</param>
/// <param name="MemoryState">Number of the destination's declared memory state: 0 fresh, 1 unmapped, 2 populated.</param>
/// <param name="BackingPageSize">Bytes of a page of its memory.</param>
internal sealed record AcceptMessage(ushort Version, ulong Features, JoinKey Key, byte MemoryState, uint BackingPageSize)
    : IControlMessage<AcceptMessage>
{
    public ControlMessageType Type => ControlMessageType.Accept;

    public void Write(WireWriter writer)
    {
        writer.U16(Version);
        writer.U64(Features);
        writer.Id(Key.Secret);
        writer.Id(Key.Nonce);
        writer.U8(MemoryState);
        writer.U32(BackingPageSize);
    }

    public static AcceptMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var accept = new AcceptMessage(reader.U16(), reader.U64(), new JoinKey(reader.Id(), reader.Id()), reader.U8(), reader.U32());
        return reader.AtEnd ? accept : null;
    }
}
