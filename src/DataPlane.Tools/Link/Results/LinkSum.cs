namespace DataPlane.Tools.Link;

/// <summary>What arrived, over all channels concerned. Counted where it arrives, by that side's clock.</summary>
/// <param name="Bytes">On the wire, headers of frames included, those of TCP not.</param>
/// <param name="Seconds">In which it arrived.</param>
/// <param name="BitsPerSecond">One by the other, times eight.</param>
/// <param name="Retransmits">TCP segments sent again meanwhile; null on other sockets.</param>
public sealed record LinkSum(long Bytes, double Seconds, double BitsPerSecond, long? Retransmits)
{
    internal static LinkSum Of(long bytes, double seconds, long? retransmits) => new(bytes, seconds, seconds > 0 ? bytes * 8 / seconds : 0, retransmits);
}
