using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Predict;

/// <summary>Measures a link once, then predicts a migration over it, and only then carries it out, between two processes that are new to it.</summary>
internal sealed class PredictRun : IDisposable
{
    private const string Listening = "listening on ";
    private readonly Dictionary<string, string> _links = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("dataplane-predict-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public async Task<PredictSample> RunAsync(PredictCase of, int seed)
    {
        await using var link = await MakeAsync(of);
        var (from, to) = (link?.Source ?? Network.Own, link?.Destination ?? Network.Own);
        var address = link?.DestinationAddress ?? "127.0.0.1";
        if (!_links.TryGetValue(of.Link, out var measured)) _links[of.Link] = measured = await MeasureAsync(from, to, address);
        // Both ends of a shaped link are on this host too.
        var prediction = await AnswerAsync(Network.Own.Start(BuiltProgram.Path, ["predict", "--link", measured, "--one-host", "--json", "-", .. of.Guest, .. of.Source]));
        return PredictSample.Read(of, prediction, await MigrateAsync(of, from, to, address, seed));
    }

    private static async Task<HeldLink?> MakeAsync(PredictCase of) => of.Gigabits is not { } gigabits ? null
        : await HeldLink.TryMakeAsync(gigabits) ?? throw new InvalidOperationException("The link was there for the first run and is not now.");

    private async Task<string> MeasureAsync(Network from, Network to, string address)
    {
        var path = Path.Combine(_folder, $"{_links.Count}.json");
        using var server = to.Start(BuiltProgram.Path, "link", "server", "--listen", $"tcp:{address}:0", "--progress", "none");
        try
        {
            var at = await ToolRun.LineAfterAsync(server, server.StandardError, Listening);
            _ = await from.OutputAsync(BuiltProgram.Path, "link", "client", at, "-t", "2", "--json", path, "--progress", "none");
            return path;
        }
        finally
        {
            ToolRun.End(server);
        }
    }

    private static async Task<string> MigrateAsync(PredictCase of, Network from, Network to, string address, int seed)
    {
        using var destination = to.Start(
            BuiltProgram.Path, ["receive", "--listen", $"tcp:{address}:0", "--run-for", "1ms", "--poison", "--progress", "none", "--guest", "synthetic", .. of.Guest]);
        try
        {
            var at = await ToolRun.LineAfterAsync(destination, destination.StandardError, Listening);
            return await AnswerAsync(from.Start(
                BuiltProgram.Path, ["send", "--to", at, "--json", "-", "--progress", "none", "--guest", "synthetic", "--seed", $"{seed}", .. of.Guest, .. of.Source]));
        }
        finally
        {
            ToolRun.End(destination);
        }
    }

    /// <summary>A guest that stays is an answer, too: exit code 1.</summary>
    private static async Task<string> AnswerAsync(System.Diagnostics.Process process)
    {
        using (process)
        {
            var (code, output, errors) = await ToolRun.ExitAsync(process);
            return code is 0 or 1 && output.Length > 0 ? output : throw new InvalidOperationException($"it ended with {code}: {errors.Trim()}");
        }
    }
}
