namespace DataPlane.Core.Wire.Messages;

/// <summary>The link server measures with this client. The key lets the data channels join.</summary>
/// <param name="Version">The protocol version both go on with.</param>
/// <param name="Key">As in ACCEPT.</param>
internal sealed record LinkAcceptMessage(ushort Version, JoinKey Key) : IControlMessage<LinkAcceptMessage>
{
    public ControlMessageType Type => ControlMessageType.LinkAccept;

    public void Write(WireWriter writer)
    {
        writer.U16(Version);
        writer.Id(Key.Secret);
        writer.Id(Key.Nonce);
    }

    public static LinkAcceptMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new LinkAcceptMessage(reader.U16(), new JoinKey(reader.Id(), reader.Id()));
        return reader.AtEnd ? message : null;
    }
}
