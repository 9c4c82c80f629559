namespace DataPlane.Cli.Units;

/// <summary>Shares of a hundred.</summary>
internal static class Percent
{
    /// <summary>What is accepted, for help and errors.</summary>
    public const string Form = "a PERCENT such as 5% or 2.5%, at most 1000%";

    /// <summary>The same of what is a part of a whole.</summary>
    public const string ShareForm = "a PERCENT such as 5% or 2.5%, at most 100%";

    private static readonly (string, decimal)[] _readable = [("%", 1)];

    public static bool TryParse(string text, out double? percent)
    {
        var read = UnitNumber.TryRead(text, _readable, StringComparison.Ordinal, out var value) && value <= 1000;
        percent = (double)value;
        return read;
    }
}
