using System.Globalization;
using DataPlane.Core.Codecs;

namespace DataPlane.Bench.Codecs;

/// <summary>
/// What each codec makes of each kind of memory on a fast and on a slow link, what auto makes of it beside the best of them, and what
/// compressing and decompressing take alone. The cases of one kind run interleaved; medians.
/// </summary>
internal static class CodecsCommand
{
    private const int Channels = 2;
    private const long Gigabit = 125_000_000;

    private static readonly (string Name, long? Rate)[] s_links = [("loopback", null), ("1 Gbit/s", Gigabit)];

    public static async Task<int> RunAsync(string[] args)
    {
        if (!TryParse(args, out var mebibytes, out var rounds))
        {
            await Console.Error.WriteLineAsync("Accepted: --memory NMiB (a multiple of 2), --rounds N.");
            return 2;
        }
        Console.WriteLine($"{mebibytes} MiB once, {Channels} channels, memory populated on both sides, median of {rounds} interleaved rounds; ms");
        Console.WriteLine("| memory | link | none | lz4 | zstd | auto | auto to best | auto's pages: none/lz4/zstd % | lz4, 2 compressors beside | lz4 alone | alone to lz4 | zstd alone | alone to zstd |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var content in CodecMemory.Contents)
        {
            using var memory = new CodecMemory(content, (long)mebibytes << 20);
            foreach (var (name, rate) in s_links) await MeasureAsync(memory, content, name, rate, rounds);
        }
        return 0;
    }

    private static async Task MeasureAsync(CodecMemory memory, string content, string link, long? rate, int rounds)
    {
        var times = CodecCase.All.ToDictionary(codec => codec.Name, _ => new List<double>());
        List<double> lz4 = [], zstd = [];
        var shares = "";
        foreach (var codec in CodecCase.All)
        {
            memory.Poison();
            _ = await PipelineRun.MeasureAsync(memory, codec, Channels, null);
            memory.CheckEqual();
        }
        for (var round = 0; round < rounds; round++)
        {
            foreach (var codec in CodecCase.All)
            {
                var sample = await PipelineRun.MeasureAsync(memory, codec, Channels, rate);
                times[codec.Name].Add(sample.Seconds);
                if (codec.Chooses) shares = sample.Shares;
            }
            lz4.Add(AloneRun.Seconds(memory.Source, memory.Destination, PageEncoding.Lz4, Channels));
            zstd.Add(AloneRun.Seconds(memory.Source, memory.Destination, PageEncoding.Zstd, Channels));
        }
        var best = CodecCase.Fixed.Min(codec => Median(times[codec.Name]));
        var cells = CodecCase.Fixed.Select(codec => Milliseconds(Median(times[codec.Name]))).ToList();
        var auto = Median(times[CodecCase.Auto.Name]);
        cells.AddRange([Milliseconds(auto), Ratio(auto / best), shares, Milliseconds(Median(times[CodecCase.Beside.Name]))]);
        // Paced, or with nothing to encode, the comparison would say nothing.
        if (rate is null && content != "zero")
            cells.AddRange([Milliseconds(Median(lz4)), OfAlone(lz4, times["lz4"]), Milliseconds(Median(zstd)), OfAlone(zstd, times["zstd"])]);
        else cells.AddRange(["", "", "", ""]);
        Console.WriteLine($"| {content} | {link} | {string.Join(" | ", cells)} |");
    }

    private static string OfAlone(List<double> alone, List<double> pipeline) =>
        Ratio(Median([.. alone.Zip(pipeline, (bare, whole) => bare / whole)])); // By round: what the machine did to one it did to the other.

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Milliseconds(double seconds) => (seconds * 1e3).ToString("0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static bool TryParse(string[] args, out int mebibytes, out int rounds)
    {
        (mebibytes, rounds) = (512, 5);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var (name, value) = (args[i], args[i + 1]);
            if (name == "--memory" && value.EndsWith("MiB", StringComparison.Ordinal) && int.TryParse(value[..^3], CultureInfo.InvariantCulture, out mebibytes)
                && mebibytes is > 0 and <= 1 << 20 && mebibytes % 2 == 0) continue;
            if (name == "--rounds" && int.TryParse(value, CultureInfo.InvariantCulture, out rounds) && rounds > 0) continue;
            return false;
        }
        return args.Length % 2 == 0;
    }
}
