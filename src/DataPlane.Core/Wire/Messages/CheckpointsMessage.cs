namespace DataPlane.Core.Wire.Messages;

/// <summary>One moment of the destination's part in a blackout, by its number, on the destination's clock.</summary>
internal readonly record struct Checkpoint(ushort Moment, long Nanoseconds);

/// <summary>
/// What the destination knows of a switchover that is called off, before it says FAILED or when it has heard it: its moments so far, and
/// when sections were loaded, the one under way up to now. For the account; nothing is decided by it.
/// </summary>
internal sealed record CheckpointsMessage(Checkpoint[] Moments, LoadTiming[] Loads) : IControlMessage<CheckpointsMessage>
{
    /// <summary>More than there are kinds of moments.</summary>
    public const int MaxMoments = 256;

    public ControlMessageType Type => ControlMessageType.Checkpoints;

    public void Write(WireWriter writer)
    {
        writer.U32((uint)Moments.Length);
        foreach (var (moment, at) in Moments)
        {
            writer.U16(moment);
            writer.I64(at);
        }
        writer.U32((uint)Loads.Length);
        foreach (var load in Loads)
        {
            writer.I64(load.StartNanoseconds);
            writer.I64(load.EndNanoseconds);
        }
    }

    public static CheckpointsMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var moments = new Checkpoint[reader.Count(itemSize: 10, MaxMoments)];
        for (var i = 0; i < moments.Length; i++)
            moments[i] = new Checkpoint(reader.U16(), reader.I64());
        var loads = new LoadTiming[reader.Count(itemSize: 16, HelloMessage.MaxSections)];
        for (var i = 0; i < loads.Length; i++)
            loads[i] = new LoadTiming(reader.I64(), reader.I64());
        return reader.AtEnd ? new CheckpointsMessage(moments, loads) : null;
    }
}
