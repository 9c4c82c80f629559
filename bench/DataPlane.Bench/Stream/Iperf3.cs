using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DataPlane.Bench.Stream;

/// <summary>The baseline that everyone knows: iperf3 over loopback, two streams, cubic, with and without its zero-copy sender.</summary>
internal static class Iperf3
{
    private const int Port = 5298;

    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "iperf3")));

    public static async Task<StreamSample> RunAsync(int streams, int seconds, bool zeroCopy)
    {
        using var server = ToolRun.Start("iperf3", "-s", "-1", "-p", $"{Port}", "--forceflush");
        try
        {
            while (await server.StandardOutput.ReadLineAsync() is { } line && !line.Contains("listening", StringComparison.Ordinal))
            {
            }
            string[] arguments =
            [
                "-c", "127.0.0.1", "-p", $"{Port}", "-P", streams.ToString(CultureInfo.InvariantCulture), "-C", "cubic", "-J",
                "-t", seconds.ToString(CultureInfo.InvariantCulture), .. zeroCopy ? ["-Z"] : (string[])["-l", "512K"],
            ];
            return Read(await ToolRun.OutputAsync("iperf3", arguments), seconds);
        }
        finally
        {
            await EndAsync(server);
        }
    }

    private static StreamSample Read(string json, int seconds)
    {
        using var document = JsonDocument.Parse(json);
        var end = document.RootElement.GetProperty("end");
        var bytes = end.GetProperty("sum_received").GetProperty("bytes_per_second", "bits_per_second");
        var cpu = end.GetProperty("cpu_utilization_percent");
        var percent = cpu.GetProperty("host_total").GetDouble() + cpu.GetProperty("remote_total").GetDouble();
        var gigabytes = bytes * seconds / 1e9;
        return new StreamSample(bytes, percent / 100 * seconds / gigabytes, end.GetProperty("sum_sent").GetProperty("retransmits").GetInt64());
    }

    private static double GetProperty(this JsonElement sum, string bytes, string bits) =>
        sum.TryGetProperty(bytes, out var value) ? value.GetDouble() : sum.GetProperty(bits).GetDouble() / 8;

    private static async Task EndAsync(Process server)
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await server.WaitForExitAsync(moment.Token);
        }
        catch (OperationCanceledException)
        {
            server.Kill();
        }
    }
}
