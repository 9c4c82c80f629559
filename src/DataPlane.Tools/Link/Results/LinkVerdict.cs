namespace DataPlane.Tools.Link;

/// <summary>What to count on in a blackout, and whether the link carries what was declared.</summary>
/// <param name="BulkMeets">The bulk is nine tenths of the declared rate or more, the rest being headers; null where none was declared.</param>
/// <param name="FinalSetMeets">The same of the small final set; null also where it was not come to.</param>
/// <param name="AvailSwitchoverBitsPerSecond">
/// What to declare to a migration: the lesser of bulk and final set, rounded down to two figures; null where one is missing. Of the way to the server where both were measured.
/// </param>
public sealed record LinkVerdict(bool? BulkMeets, bool? FinalSetMeets, double? AvailSwitchoverBitsPerSecond)
{
    // Ethernet, IP and TCP take 5.1 % with an MTU of 1500 (1,448 of 1,526 bytes); a shaper's bursts and the ramp at the start some more.
    private const double Enough = 0.9;

    internal static LinkVerdict Of(double? declared, double bulk, double? final) => new(
        Meets(bulk, declared), Meets(final, declared), final is { } rate && Math.Min(bulk, rate) is > 0 and var least ? RoundedDown(least) : null);

    private static bool? Meets(double? rate, double? declared) => rate is null || declared is null ? null : rate >= Enough * declared;

    private static double RoundedDown(double rate)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rate)) - 1);
        return Math.Round(Math.Floor(rate / unit) * unit);
    }
}
