using System.Globalization;
using System.Text.Json;

namespace DataPlane.Bench.Stream;

/// <summary>
/// The big one: whole migrations against iperf3, interleaved, so that what the machine does to one it does to the other. Prints medians
/// and ratios, and the lowest and highest of each, since the machine is shared.
/// </summary>
internal static class StreamCommand
{
    private const int Channels = 2;
    private const int IperfSeconds = 3;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task<int> RunAsync(string[] args)
    {
        if (!StreamOptions.TryParse(args, out var options, out var fault))
        {
            await Console.Error.WriteLineAsync(fault);
            return 2;
        }
        if (!Iperf3.IsInstalled)
        {
            await Console.Error.WriteLineAsync("iperf3 is the baseline and is not installed: apt-get install iperf3.");
            return 9;
        }
        var folder = Directory.CreateDirectory(Path.Combine("/dev/shm", $"dataplane-bench-{Environment.ProcessId}"));
        try
        {
            await MeasureAsync(options!, new MigrationRun(options!.Memory, folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static async Task MeasureAsync(StreamOptions options, MigrationRun migration)
    {
        (string Name, Func<Task<StreamSample>> Run)[] cases =
        [
            ("iperf3 -P 2 -Z", () => Iperf3.RunAsync(Channels, IperfSeconds, zeroCopy: true)),
            ("iperf3 -P 2 -l 512K", () => Iperf3.RunAsync(Channels, IperfSeconds, zeroCopy: false)),
            ("bare sockets, memory of that size", () => Bare(options)),
            ("dataplane, random RAM", () => migration.RandomAsync(Channels)),
            ("dataplane, random RAM, --integrity pages", () => migration.RandomWithPageSumsAsync(Channels)),
            ("dataplane, zero RAM", () => migration.ZeroAsync(Channels)),
        ];
        var samples = cases.Select(_ => new List<StreamSample>()).ToArray();
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                samples[i].Add(await cases[i].Run());
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"round {round + 1}: {cases[i].Name}: {samples[i][^1].BytesPerSecond / 1e9:0.00} GB/s"));
            }
        }
        var rows = cases.Select((one, i) => StreamRow.Of(one.Name, samples[i])).ToArray();
        Print(options, rows);
        if (options.Json is not null)
            await File.WriteAllTextAsync(options.Json, JsonSerializer.Serialize(rows, Indented) + "\n");
    }

    // Made anew each round: two memories of that size beside those of a migration would not fit everywhere.
    private static Task<StreamSample> Bare(StreamOptions options)
    {
        using var pair = new BarePair(options.Bytes);
        return Task.FromResult(pair.Run(Channels));
    }

    private static void Print(StreamOptions options, StreamRow[] rows)
    {
        Console.WriteLine($"{options.Memory} of RAM, populated on both sides, idle guest, {Channels} channels, cubic, loopback, median of {options.Rounds} interleaved rounds");
        Console.WriteLine("| case | GB/s | lowest to highest | of iperf3 -Z | of iperf3 -l 512K | of bare sockets | CPU-s/GB, both sides | retransmits |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Median / 1e9:0.00} | {row.Lowest / 1e9:0.00} to {row.Highest / 1e9:0.00} | {row.Median / rows[0].Median:0.00} | {row.Median / rows[1].Median:0.00} | {row.Median / rows[2].Median:0.00} | {row.CpuSecondsPerGigabyte:0.000} | {row.Retransmits} |"));
        }
    }
}
