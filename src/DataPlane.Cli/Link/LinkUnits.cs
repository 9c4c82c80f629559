using System.Globalization;

namespace DataPlane.Cli.Link;

/// <summary>Sizes and rates as iperf3 writes them: GBytes are 2^30 bytes, Gbits 10^9 bits, four characters of figures.</summary>
internal static class LinkUnits
{
    private static readonly string[] _prefixes = ["", "K", "M", "G", "T"];

    public static string Transfer(long bytes) => Scale(bytes, 1024, "Bytes");

    public static string Rate(double bitsPerSecond) => Scale(bitsPerSecond, 1000, "bits/sec");

    /// <summary>As an option takes it: 19Gbit/s, 9.4Gbit/s, 940Mbit/s.</summary>
    public static string Option(double bitsPerSecond)
    {
        var (value, prefix) = bitsPerSecond switch { >= 1e9 => (bitsPerSecond / 1e9, "G"), >= 1e6 => (bitsPerSecond / 1e6, "M"), _ => (bitsPerSecond / 1e3, "k") };
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.###}{prefix}bit/s");
    }

    private static string Scale(double value, double step, string unit)
    {
        var prefix = 0;
        for (; value >= step && prefix < _prefixes.Length - 1; prefix++) value /= step;
        var figures = value.ToString(value switch { < 9.995 => "0.00", < 99.95 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
        return $"{figures,4} {_prefixes[prefix]}{unit}";
    }
}
