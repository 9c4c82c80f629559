using System.Globalization;

namespace DataPlane.Cli.Units;

/// <summary>A number with a unit behind it, as people type it: digits, perhaps a decimal point, then the unit's name.</summary>
internal static class UnitNumber
{
    /// <summary>
    /// Reads <paramref name="text"/> and multiplies by the factor of its unit. Decimal arithmetic, so that 1.25GB/s is exact. A bare 0
    /// needs no unit.
    /// </summary>
    public static bool TryRead(string text, IReadOnlyList<(string Unit, decimal Factor)> units, StringComparison comparison, out decimal value)
    {
        value = 0;
        if (text == "0") return true;
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            digits++;
        if (!decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        foreach (var (unit, factor) in units)
        {
            if (!text.AsSpan(digits).Equals(unit, comparison)) continue;
            if (factor > 1 && number > decimal.MaxValue / factor) return false;
            value = number * factor;
            return true;
        }
        return false;
    }

    /// <summary>The number with the largest unit that divides it, so that reading the text gives the same number again.</summary>
    public static string Write(decimal value, IReadOnlyList<(string Unit, decimal Factor)> unitsFromLargest)
    {
        if (value == 0) return "0";
        foreach (var (unit, factor) in unitsFromLargest)
            if (value % factor == 0)
                return (value / factor).ToString("0", CultureInfo.InvariantCulture) + unit;
        var (smallest, divisor) = unitsFromLargest[^1];
        return (value / divisor).ToString("0.#######", CultureInfo.InvariantCulture) + smallest;
    }
}
