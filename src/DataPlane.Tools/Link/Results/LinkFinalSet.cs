namespace DataPlane.Tools.Link;

/// <summary>
/// The small final set: what is left when a guest stands, single pages all over its memory. From the moment at which they are marked to the answer to
/// the fence behind them, less half a round trip.
/// </summary>
/// <param name="Bytes">Of pages in one set.</param>
/// <param name="BitsPerSecond">On the wire, headers of frames included; the median of the sets.</param>
/// <param name="SlowestBitsPerSecond">Of the slowest set.</param>
/// <param name="TimeUs">What a set took.</param>
public sealed record LinkFinalSet(long Bytes, double BitsPerSecond, double SlowestBitsPerSecond, LinkSpread TimeUs);
