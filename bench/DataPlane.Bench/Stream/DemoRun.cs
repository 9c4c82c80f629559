using System.Globalization;
using System.Text.Json;

namespace DataPlane.Bench.Stream;

/// <summary>
/// One migration of an idle guest between two processes by `dataplane demo`, with both memories populated: the source's was filled, the
/// destination's poisoned in every page. Counts what lies between the end of the setup and the running guest.
/// </summary>
internal sealed class DemoRun(string memory, string memoryDir)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "DataPlane.Cli.dll");

    public async Task<StreamSample> RunAsync(string fill, int channels)
    {
        var json = await ToolRun.OutputAsync(
            "dotnet", Program, "demo", "--guest", "synthetic", "--dirty", "0", "--memory", memory, "--memory-dir", memoryDir,
            "--fill", fill, "--channels", channels.ToString(CultureInfo.InvariantCulture), "--verify", "digest", "--run-for", "1ms",
            "--device-state", "64KiB", "--progress", "none", "--json", "-");
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var bytes = root.GetProperty("ram").GetProperty("total").GetInt64();
        var seconds = (root.GetProperty("total-time").GetDouble() - root.GetProperty("setup-time").GetDouble()) / 1e3;
        var cpu = root.GetProperty("cpu");
        var spent = Number(cpu, "source-seconds") + Number(cpu, "destination-seconds");
        long? retransmits = root.GetProperty("channels").EnumerateArray()
            .Sum(channel => channel.GetProperty("retransmits") is { ValueKind: JsonValueKind.Number } count ? count.GetInt64() : 0);
        return new StreamSample(bytes / seconds, spent / (bytes / 1e9), retransmits);
    }

    private static double? Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
