namespace DataPlane.Core.Wire.Messages;

/// <summary>A run of pages within one stripe of the guest-wide numbering.</summary>
internal readonly record struct PageRange(uint Stripe, ushort First, ushort Count);

/// <summary>The destination's answer: it takes the guest. The key lets data channels join.</summary>
/// <param name="Version">The protocol version both go on with.</param>
/// <param name="Features">The features both use.</param>
/// <param name="Key">Secret of this session and nonce, for the MACs that data channels show.</param>
/// <param name="MemoryState">Number of the destination's declared memory state: 0 fresh, 1 unmapped, 2 populated.</param>
/// <param name="BackingPageSize">Bytes of a page of its memory.</param>
/// <param name="KeptAttempt">The earlier attempt on this image that it holds everything of that it acknowledged; 0: it holds nothing.</param>
/// <param name="Written">Of that, what holds something else by now: written by the host, or damaged on the way.</param>
internal sealed record AcceptMessage(
    ushort Version, ulong Features, JoinKey Key, byte MemoryState, uint BackingPageSize, uint KeptAttempt, PageRange[] Written)
    : IControlMessage<AcceptMessage>
{
    /// <summary>512 KiB of them. A destination that wrote more in more pieces keeps nothing.</summary>
    public const int MaxRanges = 1 << 16;

    public ControlMessageType Type => ControlMessageType.Accept;

    public void Write(WireWriter writer)
    {
        writer.U16(Version);
        writer.U64(Features);
        writer.Id(Key.Secret);
        writer.Id(Key.Nonce);
        writer.U8(MemoryState);
        writer.U32(BackingPageSize);
        writer.U32(KeptAttempt);
        writer.U32((uint)Written.Length);
        foreach (var range in Written)
        {
            writer.U32(range.Stripe);
            writer.U16(range.First);
            writer.U16(range.Count);
        }
    }

    public static AcceptMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var accept = new AcceptMessage(
            reader.U16(), reader.U64(), new JoinKey(reader.Id(), reader.Id()), reader.U8(), reader.U32(), reader.U32(), ReadRanges(ref reader));
        return reader.AtEnd ? accept : null;
    }

    private static PageRange[] ReadRanges(ref WireReader reader)
    {
        var ranges = new PageRange[reader.Count(itemSize: 8, MaxRanges)];
        for (var i = 0; i < ranges.Length; i++) ranges[i] = new PageRange(reader.U32(), reader.U16(), reader.U16());
        return ranges;
    }
}
