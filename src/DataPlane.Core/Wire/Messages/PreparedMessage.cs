namespace DataPlane.Core.Wire.Messages;

/// <summary>When a section was loaded, on the destination's clock.</summary>
internal readonly record struct LoadTiming(long StartNanoseconds, long EndNanoseconds);

/// <summary>The destination holds everything, counts and checksums agree, the device state is loaded. Times on its clock.</summary>
/// <param name="PlacedNanoseconds">When the last frame was placed.</param>
/// <param name="LoadedNanoseconds">When the last section was loaded.</param>
/// <param name="Loads">Per section.</param>
internal sealed record PreparedMessage(long PlacedNanoseconds, long LoadedNanoseconds, LoadTiming[] Loads)
    : IControlMessage<PreparedMessage>
{
    public ControlMessageType Type => ControlMessageType.Prepared;

    public void Write(WireWriter writer)
    {
        writer.I64(PlacedNanoseconds);
        writer.I64(LoadedNanoseconds);
        writer.U32((uint)Loads.Length);
        foreach (var load in Loads)
        {
            writer.I64(load.StartNanoseconds);
            writer.I64(load.EndNanoseconds);
        }
    }

    public static PreparedMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var placed = reader.I64();
        var loaded = reader.I64();
        var loads = new LoadTiming[reader.Count(itemSize: 16, HelloMessage.MaxSections)];
        for (var i = 0; i < loads.Length; i++)
            loads[i] = new LoadTiming(reader.I64(), reader.I64());
        return reader.AtEnd ? new PreparedMessage(placed, loaded, loads) : null;
    }
}
