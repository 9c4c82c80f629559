namespace DataPlane.Core.Wire.Messages;

/// <summary>A sending channel as the kernel sees it. <see cref="Unknown"/> where it tells nothing.</summary>
/// <param name="Retransmits">Segments sent again since the connection began.</param>
/// <param name="RoundTrip">Smoothed, in microseconds.</param>
internal readonly record struct LinkChannelState(uint Retransmits, uint RoundTrip)
{
    public static LinkChannelState Unknown { get; } = new(uint.MaxValue, uint.MaxValue);
}

/// <summary>How far the server is.</summary>
/// <param name="Number">Of the order that asked.</param>
/// <param name="Nanoseconds">When, by its clock.</param>
/// <param name="CpuMicroseconds">CPU time of its process so far.</param>
/// <param name="Received">Bytes that have come on each channel that it receives on.</param>
/// <param name="Sending">Each channel that it sends on.</param>
internal sealed record LinkSampleMessage(uint Number, long Nanoseconds, long CpuMicroseconds, ulong[] Received, LinkChannelState[] Sending)
    : IControlMessage<LinkSampleMessage>
{
    public ControlMessageType Type => ControlMessageType.LinkSample;

    public void Write(WireWriter writer)
    {
        writer.U32(Number);
        writer.I64(Nanoseconds);
        writer.I64(CpuMicroseconds);
        PlacedFrames.Write(writer, Received);
        writer.U32((uint)Sending.Length);
        foreach (var channel in Sending)
        {
            writer.U32(channel.Retransmits);
            writer.U32(channel.RoundTrip);
        }
    }

    public static LinkSampleMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (number, time, cpu, received) = (reader.U32(), reader.I64(), reader.I64(), PlacedFrames.Read(ref reader));
        var sending = new LinkChannelState[reader.Count(itemSize: 8, PlacedFrames.MaxChannels)];
        for (var i = 0; i < sending.Length; i++) sending[i] = new LinkChannelState(reader.U32(), reader.U32());
        return reader.AtEnd ? new LinkSampleMessage(number, time, cpu, received, sending) : null;
    }
}
