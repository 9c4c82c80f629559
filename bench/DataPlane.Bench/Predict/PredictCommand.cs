using System.Globalization;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Predict;

/// <summary>
/// How good predictions are: varied guests over varied links, those that cannot converge too, each predicted before it is migrated, from a measured link and what the guest is. The
/// same seed draws the same guests.
/// </summary>
internal static class PredictCommand
{
    private const double MedianPercent = 20, RightPercent = 95;

    public static async Task<int> RunAsync(string[] args)
    {
        var (runs, seed, skip) = (50, 1, 0);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return await UsageAsync();
            switch (args[i])
            {
                case "--runs" when value > 0:
                    runs = value;
                    break;
                case "--seed":
                    seed = value;
                    break;
                case "--skip":
                    skip = value;
                    break;
                default:
                    return await UsageAsync();
            }
        }
        bool shaped;
        await using (var link = await HeldLink.TryMakeAsync(1)) shaped = link is not null;
        var random = new Random(seed);
        var samples = new List<PredictSample>();
        using var run = new PredictRun();
        for (var number = 0; number < skip + runs; number++)
        {
            var drawn = PredictCase.Draw(random, shaped);
            if (number < skip) continue;
            try
            {
                samples.Add(await run.RunAsync(drawn, (seed * 1000) + number));
                await Console.Error.WriteLineAsync(Line(number + 1, samples[^1]));
            }
            catch (InvalidOperationException failed)
            {
                await Console.Error.WriteLineAsync($"run {number + 1}, {drawn}: {failed.Message}");
                return 1;
            }
        }
        return Print(samples, seed);
    }

    private static async Task<int> UsageAsync()
    {
        await Console.Error.WriteLineAsync("accepted: --runs N, --seed N, --skip N (draws so many and leaves them out).");
        return 2;
    }

    private static string Line(int run, PredictSample sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"run {run}: {sample.Predicted}{(sample.IsSure ? "" : "?")} {(sample.IsRight ? "right" : $"WRONG, {sample.Happened}")}; total {sample.PredictedTotal:0} ms, was {sample.Total:0}, {sample.Percent:+0;-0} %; blackout {sample.PredictedDowntime:0.0} ms, was {sample.Downtime:0.0}, limit {sample.Limit:0}: {sample.Case}");

    private static int Print(List<PredictSample> samples, int seed)
    {
        var culture = CultureInfo.InvariantCulture;
        var right = 100.0 * samples.Count(sample => sample.IsRight) / samples.Count;
        var sure = samples.Where(sample => sample.IsSure).ToList();
        var moved = samples.Where(sample => sample.Happened != "stays").ToList();
        Console.WriteLine($"{samples.Count} migrations, seed {seed}; what happened: {string.Join(", ", samples.GroupBy(sample => sample.Happened).Select(group => $"{group.Count()} {group.Key}"))}");
        Console.WriteLine("| | reached | goal | |");
        Console.WriteLine("|---|---|---|---|");
        Goal("total time off, median", Median(samples), MedianPercent, false);
        if (moved.Count > 0) Goal("of those that moved", Median(moved), MedianPercent, false);
        Goal("verdict right", right, RightPercent, true);
        if (sure.Count > 0) Console.WriteLine(string.Create(culture, $"| of those called sure, {sure.Count} | {100.0 * sure.Count(sample => sample.IsRight) / sure.Count:0.0} % | | |"));
        foreach (var link in samples.GroupBy(sample => sample.Case.Link))
            Console.WriteLine(string.Create(culture, $"| {link.Key}, {link.Count()}: total off, median; right | {Median(link):0.0} %; {100.0 * link.Count(sample => sample.IsRight) / link.Count():0} % | | |"));
        return Median(samples) <= MedianPercent && right >= RightPercent ? 0 : 1;

        void Goal(string what, double reached, double goal, bool atLeast) => Console.WriteLine(string.Create(
            culture, $"| {what} | {reached:0.0} % | {(atLeast ? "at least" : "at most")} {goal} % | {((atLeast ? reached >= goal : reached <= goal) ? "met" : "missed")} |"));
    }

    private static double Median(IEnumerable<PredictSample> samples)
    {
        var sorted = samples.Select(sample => Math.Abs(sample.Percent)).Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
