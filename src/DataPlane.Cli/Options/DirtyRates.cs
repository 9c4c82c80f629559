using DataPlane.Cli.Units;
using DataPlane.Guests;

namespace DataPlane.Cli.Options;

/// <summary>How fast a guest writes: a rate, nothing, or as fast as it goes.</summary>
internal static class DirtyRates
{
    /// <summary>What is accepted, for help and errors.</summary>
    public const string Form = ByteRate.Form + ", 0, or max";

    public static bool TryRead(string text, out long bytesPerSecond)
    {
        bytesPerSecond = DirtyOrders.Unlimited;
        return text == "max" || ByteRate.TryParse(text, out bytesPerSecond);
    }
}
