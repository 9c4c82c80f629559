using System.Globalization;
using System.Text.Json;
using DataPlane.Bench.Compare.Peer;
using DataPlane.Bench.Tools;
using DataPlane.Options;

namespace DataPlane.Bench.Compare;

/// <summary>One migration of an idle guest by two processes that embed the product.</summary>
internal sealed record OurRun
{
    public required GuestFiles Memory { get; init; }

    /// <summary>Where the source runs, and where the destination does.</summary>
    public required Network Source { get; init; }

    public required Network Destination { get; init; }

    /// <summary>Where the destination listens.</summary>
    public string Listen { get; init; } = "tcp:127.0.0.1:0";

    public DestinationMemory State { get; init; } = DestinationMemory.Populated;

    /// <summary>Options of the peers, beside the product's defaults.</summary>
    public IReadOnlyList<string> Send { get; init; } = [];

    public IReadOnlyList<string> Receive { get; init; } = [];

    /// <summary>Whether the time counts from the connect; else from the end of the setup.</summary>
    public bool FromConnect { get; init; }

    public async Task<CompareSample> RunAsync()
    {
        using var destination = Destination.Start(
            Environment.ProcessPath!,
            [PeerCommand.Name, "receive", .. Common(Memory.DestinationPath), "--address", Listen, "--memory", State.ToString(), .. Receive]);
        try
        {
            var to = await ToolRun.LineAfterAsync(destination, destination.StandardOutput, PeerCommand.Listening);
            var json = await Source.OutputAsync(
                Environment.ProcessPath!, [PeerCommand.Name, "send", .. Common(Memory.SourcePath), "--address", to, .. Send]);
            await ToolRun.OutputAsync(destination);
            return Read(json);
        }
        finally
        {
            ToolRun.End(destination);
        }
    }

    /// <summary>What reading the source's memory costs a process like the peers.</summary>
    public static async Task<CompareSample> ReadAsync(GuestFiles memory) => new(
        double.Parse(
            await ToolRun.OutputAsync(Environment.ProcessPath!, [PeerCommand.Name, "read", .. Of(memory.SourcePath, memory.Bytes)]), CultureInfo.InvariantCulture));

    private string[] Common(string path) => Of(path, Memory.Bytes);

    private static string[] Of(string path, long bytes) => ["--file", path, "--bytes", bytes.ToString(CultureInfo.InvariantCulture)];

    private CompareSample Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.GetProperty("status").GetString() != "completed") throw new InvalidOperationException($"DataPlane's migration: {root.GetProperty("error")}");
        return OurResult.Read(root, FromConnect);
    }
}
