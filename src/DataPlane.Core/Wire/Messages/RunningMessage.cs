namespace DataPlane.Core.Wire.Messages;

/// <summary>The guest runs on the destination. Times in nanoseconds on its clock.</summary>
/// <param name="CommitReceivedNanoseconds">When COMMIT arrived.</param>
/// <param name="ArbitratedNanoseconds">When the arbiter had decided; 0 where none was asked.</param>
/// <param name="TakenNanoseconds">When outside resources were acquired.</param>
/// <param name="ResumedNanoseconds">When the guest ran.</param>
/// <param name="CpuMicroseconds">CPU time of the destination's process since the handshake.</param>
internal sealed record RunningMessage(
    long CommitReceivedNanoseconds, long ArbitratedNanoseconds, long TakenNanoseconds, long ResumedNanoseconds, long CpuMicroseconds)
    : IControlMessage<RunningMessage>
{
    public ControlMessageType Type => ControlMessageType.Running;

    public void Write(WireWriter writer)
    {
        writer.I64(CommitReceivedNanoseconds);
        writer.I64(ArbitratedNanoseconds);
        writer.I64(TakenNanoseconds);
        writer.I64(ResumedNanoseconds);
        writer.I64(CpuMicroseconds);
    }

    public static RunningMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new RunningMessage(reader.I64(), reader.I64(), reader.I64(), reader.I64(), reader.I64());
        return reader.AtEnd ? message : null;
    }
}
