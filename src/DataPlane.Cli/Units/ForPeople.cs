using System.Globalization;

namespace DataPlane.Cli.Units;

/// <summary>Numbers as people read them: three figures and a fitting unit. Never read back.</summary>
internal static class ForPeople
{
    public static string Size(long bytes) => Scale(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);

    public static string Rate(double bytesPerSecond) => Scale(bytesPerSecond, 1024, ["B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"]);

    public static string BitRate(double bytesPerSecond) => Scale(bytesPerSecond * 8, 1000, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"]);

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with what is counted: 1 channel, 2 channels, 1,000 channels.</summary>
    public static string Counted(long count, string one) => $"{Count(count)} {one}{(count == 1 ? "" : "s")}";

    public static string Time(TimeSpan time) => Milliseconds(time.TotalMilliseconds);

    public static string Milliseconds(double milliseconds) => Math.Abs(milliseconds) switch
    {
        0 => "0 ms",
        < 1 => Figures(milliseconds * 1000) + " us",
        < 1000 => Figures(milliseconds) + " ms",
        < 120_000 => Figures(milliseconds / 1000) + " s",
        < 7_200_000 => Figures(milliseconds / 60_000) + " min",
        _ => Figures(milliseconds / 3_600_000) + " h",
    };

    public static string Microseconds(double microseconds) => microseconds.ToString("N0", CultureInfo.InvariantCulture);

    private static string Scale(double value, double step, ReadOnlySpan<string> units)
    {
        var unit = 0;
        // 999.5 would be shown as 1000 by Figures, so it already belongs to the next unit.
        while (Math.Abs(value) >= Math.Min(step, 999.5) && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }
        return Figures(value) + " " + units[unit];
    }

    private static string Figures(double value) => value.ToString(
        Math.Abs(value) switch { < 10 => "0.##", < 100 => "0.#", _ => "0" }, CultureInfo.InvariantCulture);
}
