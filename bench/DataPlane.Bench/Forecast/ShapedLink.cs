using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Forecast;

/// <summary>Two network namespaces joined by a veth pair whose end at the source is held to a rate. Needs root. Taken down on dispose.</summary>
internal sealed class ShapedLink : IDisposable
{
    public const string DestinationAddress = "10.214.9.2";
    private readonly string _source = $"dpb-{Environment.ProcessId}-s";
    private readonly string _destination = $"dpb-{Environment.ProcessId}-d";

    private ShapedLink()
    {
    }

    public Network Source => new(_source);

    public Network Destination => new(_destination);

    /// <summary>Makes it; null with the reason on standard error where that cannot be done here.</summary>
    public static async Task<ShapedLink?> TryMakeAsync(string rate)
    {
        var link = new ShapedLink();
        try
        {
            await IpAsync($"netns add {link._source}");
            await IpAsync($"netns add {link._destination}");
            await IpAsync($"-n {link._source} link add dp0 type veth peer name dp0 netns {link._destination}");
            foreach (var (network, address) in new[] { (link._source, "10.214.9.1"), (link._destination, DestinationAddress) })
            {
                await IpAsync($"-n {network} addr add {address}/24 dev dp0");
                await IpAsync($"-n {network} link set dp0 up");
                await IpAsync($"-n {network} link set lo up");
            }
            await IpAsync($"netns exec {link._source} tc qdisc add dev dp0 root tbf rate {rate} burst 512kb latency 20ms");
            return link;
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync($"no shaped links: {refused.Message}");
            link.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var network in new[] { _source, _destination })
        {
            try
            {
                using var process = ToolRun.Start("ip", "netns", "del", network);
                process.WaitForExit();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return; // No ip, so no namespace either.
            }
        }
    }

    private static Task<string> IpAsync(string line) => ToolRun.OutputAsync("ip", line.Split(' '));
}
