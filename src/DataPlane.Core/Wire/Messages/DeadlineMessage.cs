namespace DataPlane.Core.Wire.Messages;

/// <summary>
/// The hard limit of the blackout, as moments of the destination's clock: on the safe side, by the error of what the source knows of it. The
/// last one said counts.
/// </summary>
/// <param name="PrepareByNanoseconds">What is not prepared by then is called off by the destination too.</param>
/// <param name="TakeByNanoseconds">A COMMIT that is heard later is not carried out.</param>
/// <param name="RunByNanoseconds">By when the guest must run.</param>
internal sealed record DeadlineMessage(long PrepareByNanoseconds, long TakeByNanoseconds, long RunByNanoseconds) : IControlMessage<DeadlineMessage>
{
    public ControlMessageType Type => ControlMessageType.Deadline;

    public void Write(WireWriter writer)
    {
        writer.I64(PrepareByNanoseconds);
        writer.I64(TakeByNanoseconds);
        writer.I64(RunByNanoseconds);
    }

    public static DeadlineMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new DeadlineMessage(reader.I64(), reader.I64(), reader.I64());
        return reader.AtEnd ? message : null;
    }
}
