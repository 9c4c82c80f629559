namespace DataPlane.Cli.Units;

/// <summary>Sizes in bytes: binary units only, since memory comes in them. Upper and lower case mean the same.</summary>
internal static class ByteSize
{
    /// <summary>What is accepted, for help and errors.</summary>
    public const string Form = "a SIZE such as 4GiB, 512MiB, 4G or 4096B";

    private static readonly (string, decimal)[] _readable =
    [
        ("B", 1), ("K", 1L << 10), ("KiB", 1L << 10), ("M", 1L << 20), ("MiB", 1L << 20),
        ("G", 1L << 30), ("GiB", 1L << 30), ("T", 1L << 40), ("TiB", 1L << 40),
    ];

    private static readonly (string, decimal)[] _written =
        [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        if (!UnitNumber.TryRead(text, _readable, StringComparison.OrdinalIgnoreCase, out var value)) return false;
        if (value != decimal.Floor(value) || value > long.MaxValue) return false;
        bytes = (long)value;
        return true;
    }

    public static string Write(long bytes) => UnitNumber.Write(bytes, _written);
}
