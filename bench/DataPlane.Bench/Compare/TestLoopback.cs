using System.ComponentModel;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>
/// A loopback of its own whose sockets have a congestion control that does not pace, whatever the host's default is: QEMU cannot be told one. Needs
/// root. Taken down on dispose.
/// </summary>
internal sealed class TestLoopback : IDisposable
{
    private const string Setting = "/proc/sys/net/ipv4/tcp_congestion_control";

    private readonly string _name = $"dpb-{Environment.ProcessId}-c";

    private TestLoopback() => Network = new Network(_name);

    public Network Network { get; }

    /// <summary>The default there.</summary>
    public string Congestion { get; private set; } = "";

    /// <summary>Makes it; null with the reason on standard error where that cannot be done here.</summary>
    public static async Task<TestLoopback?> TryMakeAsync()
    {
        var loopback = new TestLoopback();
        try
        {
            await ToolRun.OutputAsync("ip", "netns", "add", loopback._name);
            await ToolRun.OutputAsync("ip", "-n", loopback._name, "link", "set", "lo", "up");
            // A namespace may have as its default only what any user may choose. Reno always is; without losses the two are one.
            await loopback.Network.OutputAsync("sh", "-c", $"echo cubic > {Setting} || echo reno > {Setting}");
            loopback.Congestion = (await loopback.Network.OutputAsync("cat", Setting)).Trim();
            return loopback;
        }
        catch (Exception refused) when (refused is InvalidOperationException or Win32Exception)
        {
            await Console.Error.WriteLineAsync($"no loopback of its own, so QEMU has the host's congestion control: {refused.Message}");
            loopback.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            using var process = ToolRun.Start("ip", "netns", "del", _name);
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            // No ip, so no namespace either.
        }
    }
}
