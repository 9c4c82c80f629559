using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace DataPlane.Bench.Compare;

/// <summary>Runs cases, each with its contenders in turn, round by round.</summary>
internal sealed class CaseRunner(CompareOptions options, CancellationToken cancel)
{
    public async Task<IReadOnlyList<CaseResult>> RunAsync(IReadOnlyList<CompareCase> cases)
    {
        var results = new List<CaseResult>();
        foreach (var each in cases)
        {
            if (cancel.IsCancellationRequested) break;
            Say($"{each.Name}: making the memory");
            using var memory = new GuestFiles(Math.Min(options.Bytes, each.MostBytes), each.HugePages || options.HugePages, each.Contents);
            var result = new CaseResult(each, memory.Bytes, memory.PageKind);
            results.Add(result);
            if (each.HugePages && memory.PageKind?.StartsWith("2MiB", StringComparison.Ordinal) != true) result.Miss("all", $"no huge pages: the memory is {memory.PageKind}");
            else await RunAsync(each, memory, result);
        }
        return results;
    }

    private async Task RunAsync(CompareCase each, GuestFiles memory, CaseResult result)
    {
        var contenders = each.Contenders(memory);
        foreach (var contender in contenders)
            if (contender.Missing is { } missing) result.Miss(contender.Name, missing);
        for (var round = 1; round <= options.Rounds; round++)
            foreach (var contender in contenders)
            {
                if (cancel.IsCancellationRequested) return;
                if (result.Missing.ContainsKey(contender.Name)) continue;
                var said = $"{each.Name}, round {round} of {options.Rounds}: {contender.Name}";
                try
                {
                    if (contender.IsChecked) memory.Spoil();
                    var sample = await contender.RunAsync();
                    if (contender.IsChecked) memory.Check();
                    result.Add(contender.Name, sample);
                    Say(string.Create(CultureInfo.InvariantCulture, $"{said}: {sample.BytesPerSecond / 1e9:0.00} GB/s"));
                }
                catch (Exception failed) when (failed is InvalidOperationException or AggregateException or JsonException or IOException or Win32Exception or OperationCanceledException)
                {
                    // What fails once would fail again, and the medians of the others stand without it.
                    if (cancel.IsCancellationRequested) return;
                    result.Miss(contender.Name, (failed as AggregateException)?.InnerException?.Message ?? failed.Message);
                    Say($"{said}: {result.Missing[contender.Name]}");
                }
            }
    }

    private static void Say(string line) => Console.Error.WriteLine(line);
}
