using System.Globalization;

namespace DataPlane.Bench.Compare;

/// <summary>The results for people: a table of medians for each case, and one of all goals.</summary>
internal static class CompareTable
{
    public static void Print(CompareOptions options, IReadOnlyList<CaseResult> results, string qemusCongestion)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"Medians of {options.Rounds} interleaved rounds, GB = 1e9 bytes of guest memory; CPU in seconds per GB. Where a case says cubic, QEMU, which cannot be told, has {qemusCongestion}.");
        foreach (var result in results) PrintCase(result);
        Console.WriteLine();
        Console.WriteLine("| case | goal | reached | |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var result in results)
            foreach (var goal in result.Case.Goals)
            {
                var reached = goal.Reached(result);
                Console.WriteLine($"| {result.Case.Name} | {goal.Text} {(goal.IsAtMost ? "<=" : ">=")} {Show(goal.Target)} | {Show(reached)} | {goal.Verdict(reached)} |");
            }
    }

    private static void PrintCase(CaseResult result)
    {
        Console.WriteLine();
        Console.WriteLine($"**{result.Case.Name}**: {result.Bytes >> 20} MiB of {result.PageKind}. {result.Case.State}");
        Console.WriteLine();
        Console.WriteLine("| | GB/s | lowest to highest | GB/s in the passes | CPU, both sides | CPU, source | wire bytes per byte |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var name in result.Contenders)
        {
            var rates = result.Samples(name).Select(sample => sample.BytesPerSecond / 1e9).ToArray();
            Console.WriteLine(
                $"| {name} | {Show(result.Rate(name) / 1e9)} | {Show(rates.Min())} to {Show(rates.Max())} | {Show(result.Median(name, sample => sample.PassBytesPerSecond) / 1e9)} | {Show(result.Cpu(name))} | {Show(result.Median(name, sample => sample.SourceCpu))} | {Show(result.Median(name, sample => sample.WireShare))} |");
        }
        foreach (var (name, why) in result.Missing) Console.WriteLine($"| {name} | | {why.Split('\n')[0]} | | | | | |");
    }

    // Three digits that mean something, whatever the size.
    private static string Show(double? value) => value is not { } number || double.IsNaN(number) ? ""
        : number.ToString(Math.Abs(number) < 1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
}
