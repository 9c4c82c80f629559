using System.Globalization;

namespace DataPlane.Control.Bandwidth;

/// <summary>Holds a declared bandwidth against one that was seen. Pure.</summary>
internal static class DeclaredBandwidth
{
    /// <summary>A declaration may be off by a quarter: links share, and the last bytes of a burst travel slower than the first.</summary>
    public const double Tolerance = 0.25;

    /// <summary>The warning that a declaration earns, which says by how much it is off; null where it holds.</summary>
    /// <param name="declared">Bytes per second, as declared.</param>
    /// <param name="seen">Bytes per second, as seen; null where nothing was.</param>
    /// <param name="seenAs">How it was seen, to follow the rate in a sentence.</param>
    /// <param name="atLeast">Something else than the link was the limit, so that the link can carry more: only too small a declaration is wrong.</param>
    public static string? Warning(double declared, double? seen, string seenAs, bool atLeast = false)
    {
        if (seen is not > 0 || !(declared > 0)) return null;
        var ratio = declared / seen.Value;
        var over = ratio > 1 + Tolerance && !atLeast;
        if (!over && ratio >= 1 - Tolerance) return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The declared bandwidth of {declared / 1e6:0.#} MB/s is {Math.Abs(ratio - 1) * 100:0} % {(over ? "above" : "below")} the {seen.Value / 1e6:0.#} MB/s {seenAs}: {(over ? "the blackout takes longer than it foretells" : "it foretells a longer blackout than there is")}.");
    }

    /// <summary>Whether <paramref name="achieved"/> fell so far short of <paramref name="declared"/> that it counts instead.</summary>
    public static bool FellShort(double declared, double? achieved) => achieved < declared * (1 - Tolerance);
}
