namespace DataPlane.Core.Wire.Messages;

/// <summary>For each data channel the sequence number up to which every frame is fully placed in guest memory.</summary>
internal static class PlacedFrames
{
    /// <summary>Most channels of a session.</summary>
    public const int MaxChannels = 64;

    public static void Write(WireWriter writer, ReadOnlySpan<ulong> placed)
    {
        writer.U32((uint)placed.Length);
        foreach (var sequence in placed)
            writer.U64(sequence);
    }

    public static ulong[] Read(ref WireReader reader)
    {
        var placed = new ulong[reader.Count(sizeof(ulong), MaxChannels)];
        for (var i = 0; i < placed.Length; i++)
            placed[i] = reader.U64();
        return placed;
    }
}
