namespace DataPlane.Core.Wire.Messages;

/// <summary>Where the source's trace stands, so that the destination's spans become part of it: W3C trace context. All zero: none.</summary>
/// <param name="Trace">Trace id, its 16 bytes in order.</param>
/// <param name="Span">Span id of the source's root, its 8 bytes in order as a little-endian number.</param>
/// <param name="Flags">Trace flags: 1 is sampled.</param>
internal readonly record struct TraceContext(Guid Trace, ulong Span, byte Flags)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 25;

    public void Write(WireWriter writer)
    {
        writer.Id(Trace);
        writer.U64(Span);
        writer.U8(Flags);
    }

    public static TraceContext Read(ref WireReader reader) => new(reader.Id(), reader.U64(), reader.U8());
}
