using System.Globalization;
using System.Text.Json;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>What `dataplane link` says of a link: the bulk of two channels, as long as iperf3 runs.</summary>
internal static class LinkMeasurement
{
    public static async Task<CompareSample> RunAsync(Network client, Network at, string address)
    {
        using var server = at.Start(BuiltProgram.Path, "link", "server", "--listen", $"tcp:{address}:0", "--once");
        try
        {
            var to = await ToolRun.LineAfterAsync(server, server.StandardError, "listening on ");
            using var document = JsonDocument.Parse(await client.OutputAsync(
                BuiltProgram.Path, "link", "client", to, "-P", "2", "--congestion", "cubic", "-t", Iperf3.Seconds.ToString(CultureInfo.InvariantCulture), "--json", "-", "--progress", "none"));
            var (sum, cpu) = (document.RootElement.GetProperty("sum"), document.RootElement.GetProperty("cpu"));
            var gigabytes = sum.GetProperty("bytes").GetDouble() / 1e9;
            return new CompareSample(sum.GetProperty("bits-per-second").GetDouble() / 8)
            {
                SourceCpu = cpu.GetProperty("local-seconds").GetDouble() / gigabytes,
                DestinationCpu = cpu.GetProperty("remote-seconds").GetDouble() / gigabytes,
            };
        }
        finally
        {
            ToolRun.End(server);
        }
    }
}
