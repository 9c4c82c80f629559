using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Forecast;

/// <summary>One migration between two processes that are new to it, as most are: nothing was learned before.</summary>
internal static class ForecastRun
{
    private const string Listening = "listening on ";

    public static async Task<ForecastSample> RunAsync(ForecastCase of)
    {
        await using var link = of.Gigabits is not { } gigabits ? null : await HeldLink.TryMakeAsync(gigabits) ?? throw new InvalidOperationException("The link was there for the first run and is not now.");
        var address = link?.DestinationAddress ?? "127.0.0.1";
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
