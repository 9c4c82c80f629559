using System.Globalization;
using DataPlane.Bench.Tools;
using DataPlane.Guests;

namespace DataPlane.Bench.Forecast;

/// <summary>
/// How good forecasts of the blackout are: many migrations of varied guests over varied links, each foretold at the moment of the decision and
/// held against what then happened, whole and part by part. The same seed draws the same guests.
/// </summary>
internal static class ForecastCommand
{
    private const double MedianPercent = 10, MedianMs = 1, TailPercent = 25, TailMs = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        if (!TryParse(args, out var runs, out var seed))
        {
            await Console.Error.WriteLineAsync("accepted: --runs N, --seed N.");
            return 2;
        }
        bool shaped;
        await using (var link = await HeldLink.TryMakeAsync(1)) shaped = link is not null;
        var kvm = Guest.KvmWorks(out var missing);
        if (!kvm) await Console.Error.WriteLineAsync($"no KVM guests: {missing}");
        var random = new Random(seed);
        var samples = new List<ForecastSample>();
        for (var run = 0; run < runs; run++)
        {
            var drawn = ForecastCase.Draw(random, shaped, kvm);
            try
            {
                samples.Add(await ForecastRun.RunAsync(drawn));
                await Console.Error.WriteLineAsync(Line(run + 1, samples[^1]));
            }
            catch (InvalidOperationException failed)
            {
                await Console.Error.WriteLineAsync($"run {run + 1}, {drawn}: {failed.Message}");
                return 1;
            }
        }
        return Print(samples, seed);
    }

    private static bool TryParse(string[] args, out int runs, out int seed)
    {
        (runs, seed) = (50, 1);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
            switch (args[i])
            {
                case "--runs" when value > 0:
                    runs = value;
                    break;
                case "--seed":
                    seed = value;
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private static string Line(int run, ForecastSample sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"run {run}: foretold {sample.Expected:0.0} ms ({sample.Low:0.0} to {sample.High:0.0}), happened {sample.Actual:0.0} ms, {sample.Percent:+0;-0} %, {Worst(sample)}: {sample.Case}");

    private static string Worst(ForecastSample sample)
    {
        var worst = sample.Parts.MaxBy(part => Math.Abs(part.Actual - part.Expected));
        return string.Create(CultureInfo.InvariantCulture, $"{worst.Name} {worst.Expected:0.0} > {worst.Actual:0.0}");
    }

    private static int Print(List<ForecastSample> samples, int seed)
    {
        var median = Quantile(samples.Select(sample => sample.Used(MedianPercent, MedianMs)), 0.5);
        var tail = Quantile(samples.Select(sample => sample.Used(TailPercent, TailMs)), 0.9);
        var culture = CultureInfo.InvariantCulture;
        Console.WriteLine(string.Create(culture, $"{samples.Count} migrations, seed {seed}; blackouts of {samples.Min(sample => sample.Actual):0.0} to {samples.Max(sample => sample.Actual):0.0} ms"));
        Console.WriteLine("| | error | % | of the allowance | goal |");
        Console.WriteLine("|---|---|---|---|---|");
        Console.WriteLine(string.Create(culture, $"| median | {Quantile(samples.Select(sample => sample.Error), 0.5):0.00} ms | {Quantile(samples.Select(sample => Math.Abs(sample.Percent)), 0.5):0.0} | {median:0.00} of max({MedianPercent} %, {MedianMs} ms) | {(median <= 1 ? "met" : "missed")} |"));
        Console.WriteLine(string.Create(culture, $"| p90 | {Quantile(samples.Select(sample => sample.Error), 0.9):0.00} ms | {Quantile(samples.Select(sample => Math.Abs(sample.Percent)), 0.9):0.0} | {tail:0.00} of max({TailPercent} %, {TailMs} ms) | {(tail <= 1 ? "met" : "missed")} |"));
        Console.WriteLine(string.Create(culture, $"within the stated spread: {100.0 * samples.Count(sample => sample.Actual >= sample.Low && sample.Actual <= sample.High) / samples.Count:0} %"));
        Console.WriteLine();
        Console.WriteLine("| part | foretold, median ms | happened, median ms | off by, median ms | p10 to p90 |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var part in samples.SelectMany(sample => sample.Parts).GroupBy(part => part.Name))
        {
            var off = part.Select(each => each.Actual - each.Expected).ToArray();
            Console.WriteLine(string.Create(
                culture,
                $"| {part.Key} | {Quantile(part.Select(each => each.Expected), 0.5):0.00} | {Quantile(part.Select(each => each.Actual), 0.5):0.00} | {Quantile(off, 0.5):+0.00;-0.00} | {Quantile(off, 0.1):+0.00;-0.00} to {Quantile(off, 0.9):+0.00;-0.00} |"));
        }
        return median <= 1 && tail <= 1 ? 0 : 1;
    }

    private static double Quantile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)Math.Round(part * (sorted.Length - 1)))];
    }
}
