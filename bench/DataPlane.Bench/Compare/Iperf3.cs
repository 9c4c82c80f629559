using System.Globalization;
using System.Text.Json;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>The baseline that everyone knows: iperf3, two streams.</summary>
internal static class Iperf3
{
    /// <summary>How long a run sends.</summary>
    public const int Seconds = 3;

    private const int Port = 5298;

    public static string? Missing => ToolRun.IsInstalled("iperf3") ? null : "iperf3 is not installed (apt-get install iperf3)";

    /// <summary>One run with cubic and <paramref name="more"/> options. The rate is that of the payload as the receiver counts it.</summary>
    public static async Task<CompareSample> RunAsync(Network client, Network at, string address, params string[] more)
    {
        using var server = at.Start("iperf3", "-s", "-1", "-p", $"{Port}", "--forceflush");
        try
        {
            _ = await ToolRun.LineAfterAsync(server, server.StandardOutput, "listening");
            return Read(await client.OutputAsync("iperf3", ["-c", address, "-p", $"{Port}", "-P", "2", "-C", "cubic", "-J", "-t", $"{Seconds}", .. more]));
        }
        finally
        {
            ToolRun.End(server);
        }
    }

    private static CompareSample Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var end = document.RootElement.GetProperty("end");
        var received = end.GetProperty("sum_received");
        var bytes = received.GetProperty("bits_per_second").GetDouble() / 8;
        var cpu = end.GetProperty("cpu_utilization_percent");
        return new CompareSample(bytes)
        {
            SourceCpu = PerGigabyte(cpu.GetProperty("host_total"), bytes),
            DestinationCpu = PerGigabyte(cpu.GetProperty("remote_total"), bytes),
        };
    }

    private static double PerGigabyte(JsonElement percent, double bytesPerSecond) => percent.GetDouble() / 100 / (bytesPerSecond / 1e9);
}
