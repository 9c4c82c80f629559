using System.Globalization;
using System.Text.Json;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Choose;

/// <summary>
/// One migration of an idle guest by `dataplane receive` and `dataplane send`, into memory that holds something else in every page. Counts
/// what lies between the end of the setup and the running guest.
/// </summary>
internal static class MigrationRun
{
    /// <param name="memory">Size of the guest's RAM, as the program reads it.</param>
    /// <param name="channels">Data channels.</param>
    /// <param name="listen">Where the destination listens.</param>
    /// <param name="send">What the source is told beside: contents and choices.</param>
    public static async Task<ChoiceSample> RunAsync(string memory, int channels, string listen, string[] send)
    {
        string[] guest = ["--guest", "synthetic", "--memory", memory, "--device-state", "64KiB", "--progress", "none"];
        using var destination = ToolRun.Start(BuiltProgram.Path, ["receive", "--listen", listen, "--run-for", "1ms", "--poison", .. guest]);
        try
        {
            var address = await ToolRun.LineAfterAsync(destination, destination.StandardError, "listening on ");
            var json = await ToolRun.OutputAsync(
                BuiltProgram.Path,
                [
                    "send", "--to", address, "--dirty", "0", .. send.Contains("--dirty-source") ? Array.Empty<string>() : ["--dirty-source", "explicit"],
                    "--channels", channels.ToString(CultureInfo.InvariantCulture), "--json", "-", .. guest, .. send,
                ]);
            await destination.WaitForExitAsync();
            return Read(json);
        }
        finally
        {
            ToolRun.End(destination);
        }
    }

    private static ChoiceSample Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var bytes = root.GetProperty("ram").GetProperty("total").GetInt64();
        var seconds = (root.GetProperty("total-time").GetDouble() - root.GetProperty("setup-time").GetDouble()) / 1e3;
        var cpu = root.GetProperty("cpu");
        var spent = Number(cpu, "source-seconds") + Number(cpu, "destination-seconds");
        long? retransmits = root.GetProperty("channels").EnumerateArray()
            .Sum(channel => channel.GetProperty("retransmits") is { ValueKind: JsonValueKind.Number } count ? count.GetInt64() : 0);
        var wire = root.GetProperty("ram").GetProperty("transferred").GetInt64();
        return new ChoiceSample(bytes / seconds, spent / (bytes / 1e9), retransmits) { WireShare = (double)wire / bytes };
    }

    private static double? Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
