namespace DataPlane.Core.Wire.Messages;

/// <summary>Fence <paramref name="Fence"/> has arrived on every channel, and all frames before it are placed.</summary>
internal sealed record FencedMessage(uint Fence, ulong[] Placed) : IControlMessage<FencedMessage>
{
    public ControlMessageType Type => ControlMessageType.Fenced;

    public void Write(WireWriter writer)
    {
        writer.U32(Fence);
        PlacedFrames.Write(writer, Placed);
    }

    public static FencedMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new FencedMessage(reader.U32(), PlacedFrames.Read(ref reader));
        return reader.AtEnd ? message : null;
    }
}
