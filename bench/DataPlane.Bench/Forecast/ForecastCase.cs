namespace DataPlane.Bench.Forecast;

/// <summary>One guest on one link: arguments of the program.</summary>
/// <param name="Guest">Of both sides.</param>
/// <param name="Source">Of the source alone.</param>
/// <param name="Gigabits">Rate a second that the kernel holds the link to; null: loopback.</param>
internal sealed record ForecastCase(string[] Guest, string[] Source, int? Gigabits)
{
    private static readonly string[] Rates = ["0", "20MiB/s", "100MiB/s", "300MiB/s"];
    private static readonly string[] WorkingSets = ["4MiB", "16MiB", "64MiB"];
    private static readonly string[] Patterns = ["hotcold", "uniform", "sequential", "zipf", "burst"];
    private static readonly string[] Fills = ["mixed", "random", "text"];
    private static readonly string[] States = ["4KiB", "256KiB", "4MiB", "16MiB"];
    private static readonly string[] Times = ["0", "3ms", "15ms", "40ms"];
    private static readonly string[] Codecs = ["none", "none", "lz4", "zstd"];
    private static readonly string[] Limits = ["60ms", "150ms", "300ms"];
    private static readonly int?[] Links = [null, null, 1, 4];

    /// <summary>Draws one. A guest on a slow link dirties less, or no run would ever end but by force.</summary>
    public static ForecastCase Draw(Random random, bool shaped, bool kvm)
    {
        var link = shaped ? Pick(random, Links) : null;
        var rate = link == 1 ? Rates[random.Next(2)] : Pick(random, Rates);
        string load = Pick(random, Times), save = Pick(random, Times), state = Pick(random, States);
        // What the devices take by themselves has to fit with room to spare, or the guest is rightly never stopped.
        var limit = load == "40ms" || save == "40ms" || state == "16MiB" ? "400ms" : Pick(random, Limits);
        return new ForecastCase(
            ["--guest", kvm && random.Next(2) == 0 ? "kvm" : "synthetic", "--memory", random.Next(2) == 0 ? "128MiB" : "384MiB", "--vcpus", $"{1 + random.Next(2)}", "--device-state", state, "--device-load-time", load],
            [
                "--dirty", rate, "--working-set", Pick(random, WorkingSets), "--pattern", Pick(random, Patterns), "--fill", Pick(random, Fills),
                "--device-save-time", save, "--compression", Pick(random, Codecs), "--downtime-limit", limit, "--seed", $"{random.Next()}",
                "--timeout", "20s", "--on-timeout", "force",
            ],
            link);
    }

    /// <summary>For the table.</summary>
    public override string ToString() => $"{(Gigabits is { } rate ? $"{rate} Gbit/s" : "loopback")} {string.Join(' ', Guest.Concat(Source).Where((_, i) => i % 2 == 1).Take(12))}";

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
