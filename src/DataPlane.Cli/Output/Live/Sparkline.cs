namespace DataPlane.Cli.Output.Live;

/// <summary>Values as one row of characters, from 0 to the largest of them.</summary>
internal static class Sparkline
{
    private const string Blocks = " ▁▂▃▄▅▆▇█";
    private const string Letters = " .:-=+*#@";

    /// <summary>The last <paramref name="columns"/> of them; empty where there are fewer than two.</summary>
    public static string Of(IReadOnlyList<double> values, int columns, bool unicode)
    {
        var levels = unicode ? Blocks : Letters;
        var shown = values.Skip(values.Count - Math.Min(values.Count, Math.Max(0, columns))).ToList();
        if (shown.Count < 2) return "";
        var most = shown.Max();
        // What is more than nothing is seen.
        return string.Concat(shown.Select(value => value > 0 ? levels[Math.Max(1, (int)Math.Round(value / most * (levels.Length - 1)))] : levels[0]));
    }
}
