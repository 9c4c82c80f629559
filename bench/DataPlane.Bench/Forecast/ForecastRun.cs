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
        using var destination = (link?.Destination ?? Network.Own).Start(
            BuiltProgram.Path, ["receive", "--listen", $"tcp:{address}:0", "--run-for", "1ms", "--poison", "--progress", "none", .. of.Guest]);
        try
        {
            var to = await ToolRun.LineAfterAsync(destination, destination.StandardError, Listening);
            string[] arguments = ["send", "--to", to, "--json", "-", "--progress", "none", .. of.Guest, .. of.Source];
            var json = await (link?.Source ?? Network.Own).OutputAsync(BuiltProgram.Path, arguments);
            await destination.WaitForExitAsync();
            return ForecastSample.Read(of, json);
        }
        finally
        {
            ToolRun.End(destination);
        }
    }
}
