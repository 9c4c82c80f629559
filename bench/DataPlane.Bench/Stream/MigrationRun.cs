using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DataPlane.Bench.Stream;

/// <summary>
/// One migration of an idle guest by `dataplane receive` and `dataplane send`, with both memories populated before the stream. Counts
/// what lies between the end of the setup and the running guest.
/// </summary>
/// <param name="memory">Size of the guest's RAM, as the program reads it.</param>
/// <param name="sourceDir">Folder for a source whose zeros are to be present, not holes.</param>
internal sealed class MigrationRun(string memory, string sourceDir)
{
    private const string Listening = "listening on ";

    /// <summary>Random contents into memory that holds something else in every page.</summary>
    public Task<StreamSample> RandomAsync(int channels) => RunAsync(channels, ["--poison"], ["--fill", "random"]);

    /// <summary>As <see cref="RandomAsync"/>, with a checksum of each page.</summary>
    public Task<StreamSample> RandomWithPageSumsAsync(int channels) => RunAsync(channels, ["--poison"], ["--fill", "random", "--integrity", "pages"]);

    /// <summary>
    /// The given contents into memory that holds something else in every page, over the given socket, with the given choices.
    /// </summary>
    public Task<StreamSample> ChoiceAsync(int channels, string listen, string[] send) => RunAsync(channels, ["--poison"], send, listen);

    /// <summary>Zeros that are present on the source, into fresh memory with its page tables set up.</summary>
    public Task<StreamSample> ZeroAsync(int channels) => RunAsync(channels, ["--populate"], ["--fill", "zero", "--memory-dir", sourceDir]);

    private async Task<StreamSample> RunAsync(int channels, string[] receive, string[] send, string listen = "tcp:127.0.0.1:0")
    {
        string[] guest = ["--guest", "synthetic", "--memory", memory, "--device-state", "64KiB", "--progress", "none"];
        using var destination = ToolRun.Start(
            Program, ["receive", "--listen", listen, "--run-for", "1ms", .. guest, .. receive]);
        try
        {
            var address = await ListeningAsync(destination);
            var json = await ToolRun.OutputAsync(
                Program,
                [
                    "send", "--to", address, "--dirty", "0", .. send.Contains("--dirty-source") ? Array.Empty<string>() : ["--dirty-source", "explicit"],
                    "--channels", channels.ToString(CultureInfo.InvariantCulture), "--json", "-", .. guest, .. send,
                ]);
            await destination.WaitForExitAsync();
            return Read(json);
        }
        finally
        {
            if (!destination.HasExited) destination.Kill();
        }
    }

    public static string Program => Path.Combine(Repository(), "artifacts", "bin", "DataPlane.Cli", "release", "dataplane");

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DataPlane.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The bench has to run inside the repository: it starts the program built there.");
    }

    private static async Task<string> ListeningAsync(Process destination)
    {
        while (await destination.StandardError.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0) return line[(at + Listening.Length)..].Trim();
        }
        throw new InvalidOperationException("The destination ended before it listened.");
    }

    private static StreamSample Read(string json)
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
        return new StreamSample(bytes / seconds, spent / (bytes / 1e9), retransmits) { WireShare = (double)wire / bytes };
    }

    private static double? Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
