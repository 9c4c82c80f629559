namespace DataPlane.Core.Wire.Messages;

/// <summary>All data channels have joined and the memory is set up: the stream may begin.</summary>
internal sealed record ReadyMessage : IControlMessage<ReadyMessage>
{
    public ControlMessageType Type => ControlMessageType.Ready;

    public void Write(WireWriter writer)
    {
    }

    public static ReadyMessage? Read(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? new ReadyMessage() : null;
}
