using System.Diagnostics;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>Two network namespaces joined by a veth pair: two hosts as far as TCP can tell. Taken down on dispose.</summary>
internal sealed class NetworkPair : IDisposable
{
    public const string SourceAddress = "10.213.7.1";
    public const string DestinationAddress = "10.213.7.2";

    private NetworkPair(string source, string destination) => (Source, Destination) = (source, destination);

    public string Source { get; }

    public string Destination { get; }

    private string Middle => Source + "-m";

    /// <summary>Makes the pair, or skips the test with the reason. With a rate, <c>tbf</c> holds the source's end to it.</summary>
    public static NetworkPair CreateOrSkip(string? rate = null)
    {
        Skip.IfNot(Environment.UserName == "root", "Network namespaces need root.");
        var id = Environment.ProcessId;
        var pair = new NetworkPair($"dpt-{id}-s", $"dpt-{id}-d");
        try
        {
            pair.Make(rate);
            return pair;
        }
        catch (InvalidOperationException refused)
        {
            pair.Dispose();
            throw new SkipException(refused.Message);
        }
    }

    /// <summary>Pulls the cable out at the source's end.</summary>
    public void PullCable() => Need($"ip -n {Source} link set dp0 down");

    /// <summary>From now on every packet vanishes on the way, in both directions, and no end is told.</summary>
    public void LosePackets()
    {
        // To a card that nobody has. A queue that drops would be no such loss: TCP hears of that from its own host, and waits for room.
        foreach (var (network, other) in new[] { (Source, DestinationAddress), (Destination, SourceAddress) })
            Need($"ip -n {network} neigh replace {other} lladdr 02:00:00:00:00:99 nud permanent dev dp0");
    }

    /// <summary>Between the two is now a bridge that takes packets up to <paramref name="mtu"/> and drops what is larger; both ends send up to 9000 bytes.</summary>
    public void DigBlackHole(int mtu)
    {
        // Joined to each other no more, but each to a bridge in a namespace of its own.
        Need($"ip -n {Source} link del dp0");
        Need($"ip netns add {Middle}");
        foreach (var (network, address, port) in new[] { (Source, SourceAddress, "to-s"), (Destination, DestinationAddress, "to-d") })
        {
            Need($"ip -n {network} link add dp0 mtu 9000 type veth peer name {port} mtu 9000 netns {Middle}");
            Need($"ip -n {network} addr add {address}/24 dev dp0");
            // What a card is left to cut up passes whatever its size: cut before.
            Need($"ip -n {network} link set dp0 gso_max_segs 1");
            Need($"ip -n {network} link set dp0 up");
        }
        Need($"ip -n {Middle} link add bridge type bridge");
        foreach (var port in new[] { "to-s", "to-d" })
        {
            Need($"ip -n {Middle} link set {port} master bridge");
            Need($"ip -n {Middle} link set {port} up");
        }
        Need($"ip -n {Middle} link set bridge up");
        Need($"ip -n {Middle} link set to-d mtu {mtu}");
        Need($"ip -n {Middle} link set to-s mtu {mtu}");
    }

    public void Dispose()
    {
        _ = Run(["ip", "netns", "del", Middle]);
        // The veth pair goes with the namespace that holds one of its ends.
        _ = Run(["ip", "netns", "del", Source]);
        _ = Run(["ip", "netns", "del", Destination]);
    }

    private void Make(string? rate)
    {
        Need("ip netns add " + Source);
        Need("ip netns add " + Destination);
        Need($"ip -n {Source} link add dp0 type veth peer name dp0 netns {Destination}");
        foreach (var (network, address) in new[] { (Source, SourceAddress), (Destination, DestinationAddress) })
        {
            Need($"ip -n {network} addr add {address}/24 dev dp0");
            Need($"ip -n {network} link set dp0 up");
            Need($"ip -n {network} link set lo up");
        }
        if (rate is not null) Need($"ip netns exec {Source} tc qdisc add dev dp0 root tbf rate {rate} burst 512kb latency 20ms");
    }

    private static void Need(string line)
    {
        if (Run(line.Split(' ')) is { } fault) throw new InvalidOperationException($"'{line}' does not work here: {fault}");
    }

    private static string? Run(string[] words)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
            var complaint = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : complaint.Trim();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
