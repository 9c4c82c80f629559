namespace DataPlane.Core.Wire.Messages;

/// <summary>A message of the control channel or the return path: it knows its number and how it is written.</summary>
internal interface IControlMessage
{
    ControlMessageType Type { get; }

    void Write(WireWriter writer);
}

/// <summary>A message that can be read back. Returns null when the bytes are not exactly one such message.</summary>
internal interface IControlMessage<TSelf> : IControlMessage
    where TSelf : class, IControlMessage<TSelf>
{
    static abstract TSelf? Read(ReadOnlySpan<byte> bytes);
}
