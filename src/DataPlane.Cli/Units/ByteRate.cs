namespace DataPlane.Cli.Units;

/// <summary>
/// Rates, kept as bytes per second. Bits have decimal units, bytes both kinds. Case counts: Gb/s could be meant either way, a factor
/// of eight apart, and is refused.
/// </summary>
internal static class ByteRate
{
    /// <summary>What is accepted, for help and errors.</summary>
    public const string Form = "a RATE such as 10Gbit/s, 1.25GB/s or 200MiB/s";

    private static readonly (string, decimal)[] _readable =
    [
        ("bit/s", 0.125m), ("kbit/s", 125), ("Mbit/s", 125_000), ("Gbit/s", 125_000_000), ("Tbit/s", 125_000_000_000),
        ("B/s", 1), ("kB/s", 1_000), ("MB/s", 1_000_000), ("GB/s", 1_000_000_000),
        ("KiB/s", 1L << 10), ("MiB/s", 1L << 20), ("GiB/s", 1L << 30),
    ];

    private static readonly (string, decimal)[] _written =
    [
        ("Gbit/s", 125_000_000), ("GiB/s", 1L << 30), ("MiB/s", 1L << 20), ("MB/s", 1_000_000), ("KiB/s", 1L << 10), ("B/s", 1),
    ];

    public static bool TryParse(string text, out long bytesPerSecond)
    {
        bytesPerSecond = 0;
        if (!UnitNumber.TryRead(text, _readable, StringComparison.Ordinal, out var value)) return false;
        var whole = decimal.Floor(value);
        if (whole > long.MaxValue || (whole == 0 && value > 0)) return false;
        bytesPerSecond = (long)whole;
        return true;
    }

    public static string Write(long bytesPerSecond) => UnitNumber.Write(bytesPerSecond, _written);
}
