using System.Globalization;
using System.Text.Json;
using DataPlane.Bench.Qemu;
using DataPlane.Guests;

namespace DataPlane.Bench.Blackout;

/// <summary>
/// How long a small KVM guest stands still, from before it is told to stop to when it is known to run, between two new processes each time; by
/// segment, over loopback and longer ways, beside the same guest under QEMU. Interleaved, so that what the machine does to one it does to the others.
/// </summary>
internal static class BlackoutCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly int[] QemusGuests = [0, 50];

    public static async Task<int> RunAsync(string[] args)
    {
        if (!BlackoutOptions.TryParse(args, out var options, out var fault))
        {
            await Console.Error.WriteLineAsync(fault);
            return 2;
        }
        if (!Guest.KvmWorks(out var missing))
        {
            await Console.Error.WriteLineAsync($"The guest is a KVM guest: {missing}");
            return 9;
        }
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        (string Name, Func<Task<BlackoutSample>> Run)[] cases =
        [
            .. BlackoutCase.Of(options!.Delay).Select(each => (each.Name, (Func<Task<BlackoutSample>>)(() => BlackoutRun.RunAsync(each, options)))),
            .. options.Delay is null or 0 && QemuProcess.Missing is null
                ? QemusGuests.Select(dirty => ($"QEMU, {(dirty == 0 ? "idle" : $"{dirty} MiB/s")}, loopback", (Func<Task<BlackoutSample>>)(() => QemuRun.RunAsync(dirty, options.Memory)))) : [],
        ];
        if (QemuProcess.Missing is { } reason) await Console.Error.WriteLineAsync($"no comparison with QEMU: {reason}");
        var samples = cases.Select(_ => new List<BlackoutSample>()).ToArray();
        for (var run = 0; run < options.Runs; run++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                samples[i].Add(await cases[i].Run());
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"run {run + 1} of {options.Runs}: {cases[i].Name}: {samples[i][^1].Downtime:0.00} ms"));
            }
        }
        Print(options, [.. cases.Select(each => each.Name)], samples, load);
        if (options.Json is not null)
            await File.WriteAllTextAsync(options.Json, JsonSerializer.Serialize(cases.Select((each, i) => new { each.Name, Samples = samples[i] }), Indented) + "\n");
        return 0;
    }

    private static void Print(BlackoutOptions options, string[] cases, List<BlackoutSample>[] samples, string load)
    {
        Console.WriteLine($"KVM guest, 1 vCPU, {options.Memory} of RAM, {options.DeviceState} of device state, --verify digest; load of the machine at the start {load}");
        Console.WriteLine();
        Console.WriteLine(BlackoutTable.Head);
        for (var i = 0; i < cases.Length; i++)
        {
            var isQemu = samples[i][0].Parts.ContainsKey(QemuRun.Between);
            Console.WriteLine(BlackoutTable.Row(isQemu ? $"{cases[i]}: {QemuRun.Counted}" : cases[i], [.. samples[i].Select(sample => sample.Downtime)]));
            if (isQemu) Console.WriteLine(BlackoutTable.Row($"{cases[i]}: {QemuRun.Between}", [.. samples[i].Select(sample => sample.Parts[QemuRun.Between])]));
        }
        Console.WriteLine();
        int[] ours = [.. Enumerable.Range(0, cases.Length).Where(i => !samples[i][0].Parts.ContainsKey(QemuRun.Between))];
        BlackoutTable.PrintParts([.. ours.Select(i => cases[i])], [.. ours.Select(i => samples[i])]);
    }
}
