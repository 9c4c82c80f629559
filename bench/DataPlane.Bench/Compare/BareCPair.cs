using System.Globalization;
using System.Text.Json;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>The yardsticks: processes of `bench/native/pair.c` or `scattered.c` over the same memories. Compiled when they are first asked for.</summary>
internal static class BareCPair
{
    private const string Listening = "listening on ";

    private static readonly Lazy<string> _program = new(() => Compile("pair")), _scattered = new(() => Compile("scattered"));

    public static string? Missing => ToolRun.IsInstalled("cc") ? null : "no C compiler is installed (apt-get install gcc libc6-dev)";

    public static async Task<CompareSample> RunAsync(GuestFiles memory, Network network, int channels, string address = "tcp:0", bool mapped = true, string way = "copy")
    {
        string[] rest = [memory.Bytes.ToString(CultureInfo.InvariantCulture), channels.ToString(CultureInfo.InvariantCulture)];
        using var receiver = network.Start(_program.Value, ["recv", address, memory.DestinationPath, .. rest, mapped ? "touched" : "mapped", "cubic"]);
        try
        {
            var to = await ToolRun.LineAfterAsync(receiver, receiver.StandardOutput, Listening);
            var (bytes, seconds, sent) = Read(await network.OutputAsync(_program.Value, ["send", to, memory.SourcePath, .. rest, "touched", "cubic", way]));
            var (_, _, received) = Read(await ToolRun.OutputAsync(receiver));
            return new CompareSample(bytes / seconds) { SourceCpu = sent / (bytes / 1e9), DestinationCpu = received / (bytes / 1e9) };
        }
        finally
        {
            ToolRun.End(receiver);
            if (address.StartsWith("unix:", StringComparison.Ordinal)) File.Delete(address["unix:".Length..]);
        }
    }

    /// <summary>All of the memory, and then <paramref name="final"/> bytes of it in single pages far from each other.</summary>
    public static async Task<CompareSample> RunScatteredAsync(GuestFiles memory, int channels, long final)
    {
        string[] numbers = [.. new[] { memory.Bytes, channels, final }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        using var document = JsonDocument.Parse(await ToolRun.OutputAsync(_scattered.Value, [memory.SourcePath, memory.DestinationPath, .. numbers]));
        var whole = document.RootElement.GetProperty("whole").GetDouble();
        return new CompareSample(whole) { FinalShare = document.RootElement.GetProperty("scattered").GetDouble() / whole };
    }

    private static string Compile(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(BuiltProgram.Repository, "artifacts", "native")).FullName;
        var program = Path.Combine(folder, name);
        _ = ToolRun.OutputAsync("cc", "-O2", "-pthread", "-o", program, Path.Combine(BuiltProgram.Repository, "bench", "native", name + ".c")).GetAwaiter().GetResult();
        return program;
    }

    private static (double Bytes, double Seconds, double Cpu) Read(string output)
    {
        using var document = JsonDocument.Parse(output.Trim().Split('\n')[^1]);
        var root = document.RootElement;
        return (root.GetProperty("bytes").GetDouble(), root.GetProperty("seconds").GetDouble(), root.GetProperty("cpu").GetDouble());
    }
}
