namespace DataPlane.Core.Wire.Messages;

/// <summary>What is placed so far. Sent every few milliseconds while it changes.</summary>
internal sealed record AcknowledgeMessage(ulong[] Placed) : IControlMessage<AcknowledgeMessage>
{
    public ControlMessageType Type => ControlMessageType.Acknowledge;

    public void Write(WireWriter writer) => PlacedFrames.Write(writer, Placed);

    public static AcknowledgeMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new AcknowledgeMessage(PlacedFrames.Read(ref reader));
        return reader.AtEnd ? message : null;
    }
}
