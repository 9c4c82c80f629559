namespace DataPlane.Bench.Predict;

/// <summary>One guest on one link: arguments of the program.</summary>
/// <param name="Guest">Of both sides, and of the prediction.</param>
/// <param name="Source">Of the source, and of the prediction.</param>
/// <param name="Gigabits">Rate a second that the kernel holds the link to; null: loopback.</param>
internal sealed record PredictCase(string[] Guest, string[] Source, int? Gigabits)
{
    private static readonly int?[] Links = [null, 1, 1, 4];
    private static readonly string[] Memories = ["128MiB", "384MiB", "768MiB"];

    // Slow enough for a link of 1 Gbit/s, about as fast, and faster than any.
    private static readonly string[] Rates = ["0", "10MiB/s", "40MiB/s", "80MiB/s", "160MiB/s", "320MiB/s"];
    private static readonly string[] WorkingSets = ["4MiB", "16MiB", "64MiB", "96MiB"];
    private static readonly string[] Patterns = ["hotcold", "hotcold", "uniform", "sequential", "zipf", "burst"];
    private static readonly string[] Fills = ["mixed", "random", "text"];
    private static readonly string[] States = ["4KiB", "1MiB", "8MiB"];
    private static readonly string[] Times = ["0", "0", "15ms", "40ms"];
    private static readonly string[] Codecs = ["none", "none", "lz4", "zstd", "auto"];
    private static readonly string[] Limits = ["20ms", "60ms", "150ms", "300ms", "700ms"];
    private static readonly string[] Stalls = ["wait", "wait", "minimum", "throttle", "force", "cancel"];

    /// <summary>Draws one. Some cannot converge, and some cannot fit with what their devices take.</summary>
    public static PredictCase Draw(Random random, bool shaped)
    {
        var link = shaped ? Pick(random, Links) : null;
        return new PredictCase(
            ["--memory", Pick(random, Memories), "--vcpus", $"{1 + random.Next(2)}", "--device-state", Pick(random, States), "--device-load-time", Pick(random, Times)],
            [
                "--dirty", Pick(random, Rates), "--working-set", Pick(random, WorkingSets), "--pattern", Pick(random, Patterns), "--fill", Pick(random, Fills),
                "--device-save-time", Pick(random, Times), "--compression", Pick(random, Codecs), "--downtime-limit", Pick(random, Limits), "--on-stall", Pick(random, Stalls),
                "--on-timeout", random.Next(3) == 0 ? "force" : "cancel", "--timeout", "12s", "--dirty-source", "explicit",
            ],
            link);
    }

    /// <summary>The link, for people.</summary>
    public string Link => Gigabits is { } rate ? $"{rate} Gbit/s" : "loopback";

    /// <summary>For the table.</summary>
    public override string ToString() => $"{Link} {string.Join(' ', Guest.Concat(Source).Where((_, i) => i % 2 == 1).Take(13))}";

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
