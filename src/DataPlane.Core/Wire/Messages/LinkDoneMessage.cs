namespace DataPlane.Core.Wire.Messages;

/// <summary>The server has carried out order <paramref name="Number"/>.</summary>
/// <param name="Number">Of the order.</param>
/// <param name="WireBytes">What it put on the wire for it, headers included; 0 for a bulk.</param>
/// <param name="Nanoseconds">From its beginning until the fence's answer was heard; 0 for a bulk.</param>
internal sealed record LinkDoneMessage(uint Number, long WireBytes, long Nanoseconds) : IControlMessage<LinkDoneMessage>
{
    public ControlMessageType Type => ControlMessageType.LinkDone;

    public void Write(WireWriter writer)
    {
        writer.U32(Number);
        writer.I64(WireBytes);
        writer.I64(Nanoseconds);
    }

    public static LinkDoneMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new LinkDoneMessage(reader.U32(), reader.I64(), reader.I64());
        return reader.AtEnd ? message : null;
    }
}
