using System.Globalization;

namespace DataPlane.Tools.Shaping;

/// <summary>Two network namespaces joined by a veth pair: two hosts as far as TCP can tell. Each end may be held to a rate.</summary>
internal sealed class NamespacePair : IDisposable
{
    // Set aside for tests of networks (RFC 2544), so that nobody's own network is hidden; every pair has the same, since none sees another.
    public const string SourceHost = "198.18.0.1";
    public const string DestinationHost = "198.18.0.2";
    public const string Card = "dp0";

    private static int _count;

    private NamespacePair()
    {
        var stem = NamespaceOwner.Current.Stem(Interlocked.Increment(ref _count));
        (Source, Destination) = ($"{stem}-s", $"{stem}-d");
    }

    public string Source { get; }

    public string Destination { get; }

    /// <summary>Words before a program's that start it in the namespace <paramref name="name"/>.</summary>
    public static IReadOnlyList<string> Prefix(string name) => ["ip", "netns", "exec", name];

    /// <summary>Makes a pair, and takes down first what processes that were killed have left. Throws <see cref="ShapingException"/> where this host does not grant it.</summary>
    public static NamespacePair Make(long? bytesPerSecond)
    {
        if (!Environment.IsPrivilegedProcess) throw new ShapingException("Network namespaces need root, and this process is not run by it.");
        NamespaceOwner.RemoveLeftovers();
        var pair = new NamespacePair();
        try
        {
            pair.Join();
            if (bytesPerSecond is { } rate)
                foreach (var name in new[] { pair.Source, pair.Destination }) Hold(name, rate);
            return pair;
        }
        catch (ShapingException)
        {
            pair.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // The veth pair goes with the namespace that holds one of its ends.
        _ = IpCommand.Fault("ip", "netns", "del", Source);
        _ = IpCommand.Fault("ip", "netns", "del", Destination);
    }

    private void Join()
    {
        IpCommand.Need("ip", "netns", "add", Source);
        IpCommand.Need("ip", "netns", "add", Destination);
        IpCommand.Need("ip", "-n", Source, "link", "add", Card, "type", "veth", "peer", "name", Card, "netns", Destination);
        foreach (var (name, host) in new[] { (Source, SourceHost), (Destination, DestinationHost) })
        {
            IpCommand.Need("ip", "-n", name, "addr", "add", host + "/24", "dev", Card);
            IpCommand.Need("ip", "-n", name, "link", "set", Card, "up");
            IpCommand.Need("ip", "-n", name, "link", "set", "lo", "up");
        }
    }

    private static void Hold(string name, long bytesPerSecond)
    {
        // A packet of 64 KiB, as the kernel hands them to a card that cuts them up itself, has to fit in; above that, what the rate is in a millisecond. And
        // a queue of 20 ms, as a switch has.
        var burst = Math.Max(128 << 10, bytesPerSecond / 1000);
        IpCommand.Need(
            "tc", "-n", name, "qdisc", "add", "dev", Card, "root", "tbf", "rate", (bytesPerSecond * 8).ToString(CultureInfo.InvariantCulture) + "bit",
            "burst", burst.ToString(CultureInfo.InvariantCulture), "latency", "20ms");
    }
}
