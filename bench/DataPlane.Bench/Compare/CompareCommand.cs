using DataPlane.Bench.Compare.Cases;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>
/// Whole migrations beside what else moves bytes: a bare sender and receiver in C, iperf3, QEMU. Interleaved, over the same memories, so that what
/// the machine does to one it does to the others. A contender that cannot run here leaves its column empty; the rest still runs.
/// </summary>
internal static class CompareCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (!CompareOptions.TryParse(args, out var options, out var fault))
        {
            await Console.Error.WriteLineAsync(fault);
            return 2;
        }
        using var interrupts = new Interrupts();
        using var loopback = await TestLoopback.TryMakeAsync();
        var network = loopback?.Network ?? Network.Own;
        var cases = AllCases.Of(network).Where(each => options!.Wants(each.Name)).ToArray();
        if (cases.Length == 0)
        {
            await Console.Error.WriteLineAsync($"No case is called so; there are: {string.Join(", ", AllCases.Of(network).Select(each => each.Name))}.");
            return 2;
        }
        await Console.Error.WriteLineAsync($"QEMU's congestion control: {loopback?.Congestion ?? Machine.Congestion}, but for out-of-the-box: {Machine.Congestion}");
        var results = await new CaseRunner(options!, interrupts.Cancel).RunAsync(cases);
        CompareTable.Print(options!, results, loopback?.Congestion ?? Machine.Congestion);
        if (options!.Json is not null) await File.WriteAllTextAsync(options.Json, CompareJson.Write(options, results));
        return interrupts.Cancel.IsCancellationRequested ? 130 : 0;
    }
}
