namespace DataPlane.Core.Wire.Messages;

/// <summary>Which ways frames go when a link is measured. Bits.</summary>
[Flags]
internal enum LinkWays : byte
{
    None = 0,
    ToServer = 1,
    ToClient = 2,
    Both = ToServer | ToClient,
}

/// <summary>A client asks a link server to measure with it.</summary>
/// <param name="Ways">Who sends.</param>
/// <param name="Channels">Data channels for each way.</param>
/// <param name="MemoryBytes">Of the memory that is sent from and into, on either side.</param>
/// <param name="Congestion">Congestion control of what the server sends, by name, or <c>auto</c>.</param>
internal sealed record LinkHelloMessage(LinkWays Ways, ushort Channels, long MemoryBytes, string Congestion) : IControlMessage<LinkHelloMessage>
{
    public ControlMessageType Type => ControlMessageType.LinkHello;

    public void Write(WireWriter writer)
    {
        writer.U8((byte)Ways);
        writer.U16(Channels);
        writer.I64(MemoryBytes);
        writer.Text(Congestion);
    }

    public static LinkHelloMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new LinkHelloMessage((LinkWays)reader.U8(), reader.U16(), reader.I64(), reader.Text());
        return reader.AtEnd ? message : null;
    }
}
