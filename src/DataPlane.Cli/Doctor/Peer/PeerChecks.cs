using System.Numerics;
using DataPlane.Cli.Units;
using DataPlane.Linux.Codecs;

namespace DataPlane.Cli.Doctor;

/// <summary>What is judged of two hosts together: what lies between them, and where they differ in what a migration needs. The guest goes from here to there.</summary>
internal sealed class PeerChecks(string name, HostDescription here, HostDescription there, PathReading path)
{
    private const string Group = "between";
    private const double LongRoundTripUs = 20_000;
    private const double MuchClockOffsetUs = 1e6;

    /// <summary>What a rate is taken for that no driver tells.</summary>
    private const long UnknownMegabits = 10_000;

    /// <summary>In the order in which people read them.</summary>
    public IEnumerable<Check> All() =>
        [Port(), RoundTrip(), Clock(), PathMtu(), FullPackets(), Rate(), Buffers(), Congestion(), Version(), Architecture(), PageSize(), Features(), Kvm(), .. Codecs()];

    private Check Port() => new(
        Group, "port", CheckStatus.Ok, $"TCP port {path.Port} of {there.Name} is reachable",
        "A destination listens on one port, and all of its channels come to that: let the same one through for 'receive'.", null);

    private Check RoundTrip() => new(
        Group, "round-trip", path.MedianRoundTripUs > LongRoundTripUs ? CheckStatus.Note : CheckStatus.Ok,
        $"{ForPeople.Milliseconds(path.RoundTripUs / 1000)} at least, {ForPeople.Milliseconds(path.MedianRoundTripUs / 1000)} in the middle, from program to program",
        $"A blackout holds two of them even with nothing left to send: some {ForPeople.Milliseconds(2 * path.MedianRoundTripUs / 1000)} here.", null);

    private Check Clock() => new(
        Group, "clock-offset", Math.Abs(path.ClockOffsetUs) > MuchClockOffsetUs ? CheckStatus.Note : CheckStatus.Ok,
        $"the wall clock of {there.Name} is {ForPeople.Milliseconds(Math.Abs(path.ClockOffsetUs) / 1000)} {(path.ClockOffsetUs < 0 ? "behind" : "ahead")}, to within {ForPeople.Milliseconds(path.RoundTripUs / 2000)}",
        "A migration matches the monotonic clocks itself and needs no more; both hosts' logs, and the time that the guest sees next, go by these.",
        Math.Abs(path.ClockOffsetUs) > MuchClockOffsetUs ? $"timedatectl set-ntp true; {There("timedatectl set-ntp true")}" : null);

    private Check PathMtu()
    {
        var cards = $"interfaces: {Card(here)} here, {Card(there)} there";
        if (path.Mtu is not { } mtu)
            return new Check(
                Group, "path-mtu", CheckStatus.Note, $"no datagram came through; {cards}", "Datagrams that may not be cut show what the path takes; without them only TCP's own packets are known to pass, below.", null);
        if (path.ProbedMtu is not { } most || mtu >= most)
            return here.InterfaceMtu == there.InterfaceMtu || here.InterfaceMtu is null || there.InterfaceMtu is null
                ? new Check(Group, "path-mtu", CheckStatus.Ok, $"packets of {mtu} bytes come through; {cards}", "As large as both interfaces send them.", null)
                : new Check(
                    Group, "path-mtu", CheckStatus.Note, $"packets of {mtu} bytes come through; {cards}",
                    "TCP sends no larger ones than the smaller interface takes; everything else that one host sends at its own size is lost.",
                    here.InterfaceMtu < there.InterfaceMtu ? SetMtu(here, there.InterfaceMtu.Value) : There(SetMtu(there, here.InterfaceMtu.Value)));
        return path.LargerVanish
            ? new Check(
                Group, "path-mtu", CheckStatus.Missing, $"packets over {mtu} bytes vanish on the way, and no router says so; {cards}",
                "A black hole: connections are made, and stand still when the first full packet is sent. Either all between takes what the interfaces send, or they have to send less.",
                $"{SetMtu(here, mtu)}; {There(SetMtu(there, mtu))}") { Essential = true }
            : new Check(
                Group, "path-mtu", CheckStatus.Note, $"packets over {mtu} bytes are refused on the way, and the kernel knows; {cards}",
                "TCP finds its way to that size, at the cost of some packets sent in vain.", $"{SetMtu(here, mtu)}; {There(SetMtu(there, mtu))}");
    }

    private Check FullPackets() => path.BulkPasses
        ? new Check(Group, "full-packets", CheckStatus.Ok, "64 KiB over TCP went there and came back", "Full packets pass in both directions.", null)
        : new Check(
            Group, "full-packets", CheckStatus.Missing, "64 KiB over TCP did not come back within 3 s, though single bytes do",
            "Full packets are lost on the way there or back. So would a migration's be.",
            $"sysctl -w net.ipv4.tcp_mtu_probing=1; {There("sysctl -w net.ipv4.tcp_mtu_probing=1")}") { Essential = true };

    private Check Rate()
    {
        var least = Least(here.InterfaceMegabits, there.InterfaceMegabits);
        var found = $"{Rate(here.InterfaceMegabits)} here, {Rate(there.InterfaceMegabits)} there";
        var differ = here.InterfaceMegabits is { } ours && there.InterfaceMegabits is { } theirs && ours != theirs;
        return new Check(
            Group, "link-rate", differ ? CheckStatus.Note : CheckStatus.Ok, found,
            $"{(least is { } megabits ? $"1 GiB takes {(1L << 30) * 8 / (megabits * 1e6):0.##} s at {(differ ? "the lesser" : "that")}" : "No driver tells")}; what the link really carries is 'dataplane link's to say.",
            null);
    }

    // What a connection has on its way is bounded by the sender's buffer here and by half of the receiver's there.
    private Check Buffers()
    {
        var megabits = Least(here.InterfaceMegabits, there.InterfaceMegabits);
        var needed = (megabits ?? UnknownMegabits) * 1e6 / 8 * path.MedianRoundTripUs / 1e6;
        var channels = Math.Min(here.Channels, there.Channels);
        var (send, receive) = (here.SendBufferBytes * (double)channels, there.ReceiveBufferBytes * 0.5 * channels);
        var found = $"{channels} channels may have {Megabytes(send)} on the way from here and {Megabytes(receive)} into there";
        var meaning = $"{(megabits is null ? "10 Gbit/s, as no driver tells the rate," : Rate(megabits))} over this round trip {(megabits is null ? "take" : "takes")} {Megabytes(needed)}.";
        var fixes = new[]
        {
            send < needed ? SetBuffer("tcp_wmem", "4096 16384", needed / channels) : null,
            receive < needed ? There(SetBuffer("tcp_rmem", "4096 131072", 2 * needed / channels)) : null,
        }.OfType<string>().ToArray();
        return new Check(Group, "buffers", fixes.Length > 0 ? CheckStatus.Note : CheckStatus.Ok, found, meaning, fixes.Length > 0 ? string.Join("; ", fixes) : null);
    }

    private Check Congestion() => new(
        Group, "congestion", CheckStatus.Ok, $"{here.Congestion ?? "not told"} here, {there.Congestion ?? "not told"} there",
        "The source's decides: pages go only one way. 'link client --congestion NAME' shows what another would carry.", null);

    private Check Version()
    {
        var found = $"{here.Version} here, {there.Version} there; protocol {here.OldestProtocol} to {here.NewestProtocol} and {there.OldestProtocol} to {there.NewestProtocol}";
        var common = Math.Min(here.NewestProtocol, there.NewestProtocol) >= Math.Max(here.OldestProtocol, there.OldestProtocol);
        return common
            ? new Check(Group, "version", CheckStatus.Ok, found, "The two have a version of the protocol in common, and use the newest that both speak.", null)
            : new Check(Group, "version", CheckStatus.Missing, found, "The two have no version of the protocol in common: install the same version of dataplane on both.", null) { Essential = true };
    }

    private Check Architecture() => here.Architecture == there.Architecture
        ? new Check(Group, "architecture", CheckStatus.Ok, $"{here.Architecture} on both", "A guest's code and device state are of one architecture.", null)
        : new Check(
            Group, "architecture", CheckStatus.Missing, $"{here.Architecture} here, {there.Architecture} there", "No guest that runs on vCPUs can go there; there is no command that mends it.", null) { Essential = true };

    private Check PageSize() => here.PageBytes == there.PageBytes
        ? new Check(Group, "page-size", CheckStatus.Ok, $"{here.PageBytes} bytes on both", "Guest memory is tracked and placed in the kernel's pages.", null)
        : new Check(
            Group, "page-size", CheckStatus.Missing, $"{here.PageBytes} bytes here, {there.PageBytes} there",
            "Pages of 4096 bytes cannot be mapped, tracked or placed one by one where the kernel's are larger: boot a kernel with the same page size on both.", null) { Essential = true };

    private Check Features()
    {
        string[] lacking = [.. here.CpuFeatures.Except(there.CpuFeatures, StringComparer.Ordinal)];
        string[] more = [.. there.CpuFeatures.Except(here.CpuFeatures, StringComparer.Ordinal)];
        var cpus = here.Cpu == there.Cpu ? $"{here.Cpu} on both" : $"{here.Cpu} here, {there.Cpu} there";
        return lacking.Length == 0
            ? new Check(
                Group, "cpu-features", CheckStatus.Ok, $"{cpus}; all {here.CpuFeatures.Count} that a guest here can see are there{(more.Length > 0 ? $", and {more.Length} more" : "")}",
                more.Length > 0 ? $"A guest that has been started there may not come back here: {string.Join(", ", more)}." : "A guest finds there what it has found here.", null)
            : new Check(
                Group, "cpu-features", CheckStatus.Note, $"{cpus}; {there.Name} lacks {string.Join(", ", lacking)}",
                "A guest that has found these here fails there at the next use. Start guests with a CPU model that both have, in the VMM's own words.",
                $"qemu-system-x86_64 -cpu host,{string.Join(',', lacking.Select(feature => $"-{feature.Replace('_', '-')}"))}");
    }

    private Check Kvm() => (here.Kvm, there.Kvm) switch
    {
        (true, true) => new Check(Group, "kvm-on-both", CheckStatus.Ok, "on both", "Guests on real vCPUs can go there.", null),
        (false, false) => new Check(Group, "kvm-on-both", CheckStatus.Note, "on neither", "Only guests without vCPUs ('--guest synthetic') can be moved.", null),
        _ => new Check(
            Group, "kvm-on-both", CheckStatus.Note, here.Kvm ? "here, not there" : "there, not here", "A guest on real vCPUs needs KVM on both.",
            here.Kvm ? There("dataplane doctor") : null),
    };

    private IEnumerable<Check> Codecs() =>
    [
        Codec("lz4", CodecLibraries.Lz4.DebianPackage, here.Lz4, there.Lz4),
        Codec("zstd", CodecLibraries.Zstd.DebianPackage, here.Zstd, there.Zstd),
    ];

    private Check Codec(string codec, string package, string? ours, string? theirs)
    {
        var (lackHere, lackThere) = (ours is null, theirs is null);
        var meaning = $"'--compression {codec}' needs its library on both; versions may differ.";
        return new Check(
            Group, codec, lackHere || lackThere ? CheckStatus.Note : CheckStatus.Ok, $"{ours ?? "none"} here, {theirs ?? "none"} there", meaning,
            lackThere ? There($"apt-get install {package}") : lackHere ? $"apt-get install {package}" : null);
    }

    private string There(string command) => $"ssh {name} {(command.Contains(' ', StringComparison.Ordinal) ? $"'{command}'" : command)}";

    private static string SetMtu(HostDescription host, long mtu) => $"ip link set dev {host.Interface ?? "DEV"} mtu {mtu}";

    private static string SetBuffer(string setting, string first, double bytes) =>
        $"sysctl -w net.ipv4.{setting}=\"{first} {BitOperations.RoundUpToPowerOf2((ulong)Math.Ceiling(bytes))}\"";

    private static string Card(HostDescription host) => $"{host.Interface ?? "unknown"} with an MTU of {host.InterfaceMtu?.ToString() ?? "unknown"}";

    private static string Rate(long? megabits) => megabits is { } known ? ForPeople.BitRate(known * 1e6 / 8) : "a rate that is not told";

    private static string Megabytes(double? bytes) => bytes is { } known ? $"{known / 1e6:0.##} MB" : "an unknown amount";

    private static long? Least(long? left, long? right) => left is { } ours && right is { } theirs ? Math.Min(ours, theirs) : left ?? right;
}
