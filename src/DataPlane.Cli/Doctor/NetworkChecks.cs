using System.Net;
using System.Net.Sockets;
using DataPlane.Linux;
using DataPlane.Linux.Host;

namespace DataPlane.Cli.Doctor;

/// <summary>Sockets, descriptors, congestion control, interfaces.</summary>
internal sealed class NetworkChecks(HostFiles files)
{
    private const string Group = "network";
    private const string Ipv4 = "proc/sys/net/ipv4";

    /// <summary>64 channels, the control connection, the memory's files, and what the runtime opens.</summary>
    private const long LeastDescriptors = 128;

    private const long ManyDescriptors = 1024;

    /// <summary>From here on the cost of a packet counts, and that there are fewer of them.</summary>
    private const long FastMegabits = 10_000;

    private const int JumboMtu = 9000;

    public IEnumerable<Check> All() => [.. Sockets(), Descriptors(), Congestion(), Auto(), .. new BufferChecks(files).All(), .. Interfaces()];

    private static IEnumerable<Check> Sockets()
    {
        var (four, six, local) = (
            Fault(() => new IPEndPoint(IPAddress.Loopback, 0)), Fault(() => new IPEndPoint(IPAddress.IPv6Loopback, 0)),
            Fault(() => new UnixDomainSocketEndPoint($"\0dataplane-doctor-{Environment.ProcessId}")));
        var all = four is not null && six is not null && local is not null;
        yield return Socket("tcp-ipv4", four, "'tcp:HOST:PORT'.", "ip link set lo up", all);
        yield return Socket("tcp-ipv6", six, "'tcp:[ADDR]:PORT'.", "sysctl -w net.ipv6.conf.all.disable_ipv6=0", all);
        yield return Socket("unix", local, "'unix:PATH', between two programs of this host.", null, all);
    }

    private static Check Socket(string name, string? fault, string meaning, string? fix, bool essential) => new(
        Group, name, fault is null ? CheckStatus.Ok : CheckStatus.Missing, fault ?? "a socket was bound", meaning, fault is null ? null : fix) { Essential = essential };

    private static string? Fault(Func<EndPoint> end)
    {
        try
        {
            var at = end();
            using var socket = new Socket(at.AddressFamily, SocketType.Stream, at is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
            socket.Bind(at);
            return null;
        }
        catch (SocketException fault)
        {
            return fault.Message;
        }
    }

    private Check Descriptors()
    {
        var limit = ProcessLimits.Read(ProcessLimits.OpenFiles, files.Full("proc/self/limits"));
        return new Check(
            Group, "descriptors", limit < LeastDescriptors ? CheckStatus.Missing : limit < ManyDescriptors ? CheckStatus.Note : CheckStatus.Ok,
            limit switch { null => "the kernel does not tell", long.MaxValue => "unlimited", { } most => $"at most {most}" },
            "A migration takes one per channel and a dozen more; a waiting destination also a quarter of the limit, at most 512, for connections that may be strays.",
            limit < ManyDescriptors ? "ulimit -n 65536" : null) { Essential = true };
    }

    private Check Congestion()
    {
        var (current, available) = (files.Read($"{Ipv4}/tcp_congestion_control"), files.Read($"{Ipv4}/tcp_available_congestion_control"));
        var names = (available.Text ?? "").Split(' ');
        var cubic = names.Contains("cubic") || names.Contains("reno");
        return new Check(
            Group, "congestion-control", current.Text is null || !cubic ? CheckStatus.Note : CheckStatus.Ok,
            current.Text is null ? current.Why! : $"{current.Text} of {available.Text}",
            "'--congestion auto' keeps the system's, and takes cubic where the round trip is under 0.2 ms, since bbr takes 1.5 to 1.8 times as long there.",
            cubic ? null : "modprobe tcp_cubic");
    }

    // What a data channel takes: the system's, and on this host, or to the next, one that does not pace.
    private Check Auto()
    {
        const string Meaning = "Taken by each data channel, from the least round trip of its control connection; a route with one of its own ('congctl') overrides the system's. '--congestion NAME' names another.";
        var system = files.Read($"{Ipv4}/tcp_congestion_control");
        var available = (files.Read($"{Ipv4}/tcp_available_congestion_control").Text ?? "").Split(' ');
        var close = available.Contains("cubic") ? "cubic" : available.Contains("reno") ? "reno" : system.Text;
        return system.Text is null ? new Check(Group, "congestion-auto", CheckStatus.Note, system.Why!, Meaning, null)
            : new Check(
                Group, "congestion-auto", CheckStatus.Ok,
                close == system.Text ? $"{system.Text}, whatever the round trip" : $"{close} where the round trip is under 0.2 ms, {system.Text} from there on", Meaning, null);
    }

    private IEnumerable<Check> Interfaces()
    {
        var found = 0;
        foreach (var name in files.Names("sys/class/net"))
        {
            var folder = $"sys/class/net/{name}";
            // The loopback has no rate. What is down cannot be used.
            if (name == "lo" || files.Read($"{folder}/operstate").Text is not ("up" or "unknown")) continue;
            found++;
            yield return Interface(name, files.Number($"{folder}/speed") is > 0 and var speed ? speed : null, files.Number($"{folder}/mtu"));
        }
        if (found == 0)
            yield return new Check(Group, "interface", CheckStatus.Note, "none is up", "A guest can be moved within this host only.", null);
    }

    private static Check Interface(string name, long? megabits, long? mtu)
    {
        var rate = megabits is { } known ? known >= 1000 ? $"{known / 1000.0:0.#} Gbit/s" : $"{known} Mbit/s" : "rate not told";
        var small = megabits >= FastMegabits && mtu < JumboMtu;
        return new Check(
            Group, $"interface {name}", small || megabits < FastMegabits ? CheckStatus.Note : CheckStatus.Ok, $"{rate}, MTU {mtu?.ToString() ?? "not told"}",
            (megabits is { } speed ? $"1 GiB takes {(1L << 30) * 8 / (speed * 1e6):0.##} s at this rate." : "The driver does not tell its rate.")
                + (small ? $" Packets of {JumboMtu} bytes, where both hosts and all switches take them, are six times fewer." : ""),
            small ? $"ip link set dev {name} mtu {JumboMtu}" : null);
    }
}
