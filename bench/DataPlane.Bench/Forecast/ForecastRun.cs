using System.Diagnostics;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Forecast;

/// <summary>One migration between two processes that are new to it, as most are: nothing was learned before.</summary>
internal static class ForecastRun
{
    private const string Listening = "listening on ";

    public static async Task<ForecastSample> RunAsync(ForecastCase of)
    {
        using var link = of.Link is null ? null : await ShapedLink.TryMakeAsync(of.Link) ?? throw new InvalidOperationException("The link was there for the first run and is not now.");
        var address = link is null ? "127.0.0.1" : ShapedLink.DestinationAddress;
        using var destination = Start(link?.AtDestination, ["receive", "--listen", $"tcp:{address}:0", "--run-for", "1ms", "--poison", "--progress", "none", .. of.Guest]);
        try
        {
            var to = await ListeningAsync(destination);
            string[] arguments = ["send", "--to", to, "--json", "-", "--progress", "none", .. of.Guest, .. of.Source];
            var json = link is null
                ? await ToolRun.OutputAsync(BuiltProgram.Path, arguments) : await ToolRun.OutputAsync("ip", [.. link.AtSource, BuiltProgram.Path, .. arguments]);
            await destination.WaitForExitAsync();
            return ForecastSample.Read(of, json);
        }
        finally
        {
            if (!destination.HasExited) destination.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string[]? within, string[] arguments) =>
        within is null ? ToolRun.Start(BuiltProgram.Path, arguments) : ToolRun.Start("ip", [.. within, BuiltProgram.Path, .. arguments]);

    private static async Task<string> ListeningAsync(Process destination)
    {
        while (await destination.StandardError.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0) return line[(at + Listening.Length)..].Trim();
        }
        throw new InvalidOperationException("The destination ended before it listened.");
    }
}
