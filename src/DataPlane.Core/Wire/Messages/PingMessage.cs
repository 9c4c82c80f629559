namespace DataPlane.Core.Wire.Messages;

/// <summary>A sign of life, and a sample of the clocks: the sender's time in nanoseconds.</summary>
internal sealed record PingMessage(long SentNanoseconds) : IControlMessage<PingMessage>
{
    public ControlMessageType Type => ControlMessageType.Ping;

    public void Write(WireWriter writer) => writer.I64(SentNanoseconds);

    public static PingMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new PingMessage(reader.I64());
        return reader.AtEnd ? message : null;
    }
}

/// <summary>The answer to a ping: its time, and the answerer's when it answered. The answer takes it no noticeable time.</summary>
internal sealed record PongMessage(long PingNanoseconds, long AnsweredNanoseconds) : IControlMessage<PongMessage>
{
    public ControlMessageType Type => ControlMessageType.Pong;

    public void Write(WireWriter writer)
    {
        writer.I64(PingNanoseconds);
        writer.I64(AnsweredNanoseconds);
    }

    public static PongMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new PongMessage(reader.I64(), reader.I64());
        return reader.AtEnd ? message : null;
    }
}
