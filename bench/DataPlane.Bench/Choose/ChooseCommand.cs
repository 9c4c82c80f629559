using System.Globalization;
using DataPlane.Options;

namespace DataPlane.Bench.Choose;

/// <summary>
/// What each choice that a user has costs or gains here: whole migrations between two processes, one knob away from the first of their
/// kind, interleaved, so that what the machine does to one it does to the other.
/// </summary>
internal static class ChooseCommand
{
    private const string Tcp = "tcp:127.0.0.1:0";
    private const int Channels = 2;
    private static readonly int[] OtherChannels = [1, 4, 8];

    public static async Task<int> RunAsync(string[] args)
    {
        if (!ChooseOptions.TryParse(args, out var options, out var fault))
        {
            await Console.Error.WriteLineAsync(fault);
            return 2;
        }
        var cases = Cases();
        var samples = cases.Select(_ => new List<ChoiceSample>()).ToArray();
        for (var round = 0; round < options!.Rounds; round++)
            for (var i = 0; i < cases.Count; i++)
            {
                await Console.Error.WriteLineAsync($"round {round + 1} of {options.Rounds}: {cases[i].Name}");
                samples[i].Add(await MigrationRun.RunAsync(options!.Memory, cases[i].Channels, cases[i].Listen, cases[i].Send));
            }
        Print(options, cases, samples);
        return 0;
    }

    private static List<Choice> Cases()
    {
        string[] random = ["--fill", "random"], text = ["--fill", "text"];
        var unix = $"unix:{Path.Combine(Path.GetTempPath(), $"dataplane-bench-{Environment.ProcessId}.sock")}";
        List<Choice> cases =
        [
            new("random RAM, tcp, 2 channels, explicit", Channels, Tcp, random, 0),
            .. OtherChannels.Select(channels => new Choice($"  {channels} channels", channels, Tcp, random, 0)),
            new("  unix", Channels, unix, random, 0),
            new("  uffd", Channels, Tcp, [.. random, "--dirty-source", "uffd"], 0),
        ];
        var first = cases.Count;
        foreach (var compression in Enum.GetNames<PageCompression>().Select(name => name.ToLowerInvariant()))
            cases.Add(new Choice(
                $"{(compression == "none" ? "" : "  ")}text, compression {compression}", Channels, Tcp, [.. text, "--compression", compression], first));
        return cases;
    }

    private static void Print(ChooseOptions options, List<Choice> cases, List<ChoiceSample>[] samples)
    {
        Console.WriteLine($"{options.Memory} of RAM, populated on both sides, idle guest, loopback, median of {options.Rounds} interleaved rounds");
        Console.WriteLine("| case | GB/s of memory | lowest to highest | of the first of its kind | on the wire | CPU-s/GB, both sides |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var rows = cases.Select((one, i) => ChoiceRow.Of(one.Name, samples[i])).ToArray();
        for (var i = 0; i < rows.Length; i++)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {rows[i].Name.Trim()} | {rows[i].Median / 1e9:0.00} | {rows[i].Lowest / 1e9:0.00} to {rows[i].Highest / 1e9:0.00} | {rows[i].Median / rows[cases[i].First].Median:0.00} | {samples[i][0].WireShare:0.00} | {rows[i].CpuSecondsPerGigabyte:0.00} |"));
    }

    /// <summary>One row.</summary>
    /// <param name="First">Number of the row that it is compared with.</param>
    private sealed record Choice(string Name, int Channels, string Listen, string[] Send, int First);
}
