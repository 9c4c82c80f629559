using System.CommandLine;
using DataPlane.Cli.Link;
using DataPlane.Cli.Options;
using DataPlane.Cli.Run;

namespace DataPlane.Cli.Doctor;

/// <summary>The options of <c>doctor</c>: whom to examine besides this host, or where to answer another's.</summary>
internal sealed class DoctorOptionSet
{
    public ValueOption<string?> Json { get; } = CommonOptionSet.NewJson();

    private ValueOption<MigrationAddress?> Peer { get; } = new(
        "--peer", "HOST", null, $"Examine that host too, and what lies between; a doctor listens there. Port {PeerWire.DefaultPort} unless given.",
        "a HOST, HOST:PORT, tcp:HOST:PORT or tcp:[IPV6]:PORT", ReadPeer);

    private ValueOption<MigrationAddress?> Listen { get; } = new(
        "--listen", "ADDR", null, $"Answer doctors of other hosts instead, until Ctrl-C: {PeerServer.Everywhere} is everywhere. Port 0 picks one; the address in effect is printed.",
        "an ADDR such as tcp:0.0.0.0:5298 or tcp:[::]:5298", ReadListen);

    private FlagOption Once { get; } = new("--once", "With --listen: end when one has been answered.");

    public IReadOnlyList<Option> All => [Peer, Listen, Once, Json];

    /// <summary>Throws <see cref="UsageException"/> for options that do not go together.</summary>
    public (MigrationAddress? Peer, MigrationAddress? Listen, bool Once) Read(ParseResult parse)
    {
        var (peer, listen, once) = (Peer.Value(parse), Listen.Value(parse), Once.Value(parse));
        if (listen is not null && (peer is not null || Json.Value(parse) is not null)) throw new UsageException("--listen answers others and examines nobody itself: expected no --peer and no --json beside it");
        if (once && listen is null) throw new UsageException("--once: expected --listen beside it");
        return (peer, listen, once);
    }

    private static bool ReadPeer(string text, out MigrationAddress? address) => LinkHost.TryRead(text, PeerWire.DefaultPort, out address) && address!.Path is null;

    // By number: a name could stand for several addresses of this host.
    private static bool ReadListen(string text, out MigrationAddress? address)
    {
        address = null;
        if (!Readers.Literal(text, out _)) return false;
        return MigrationAddress.TryParse(text, out address, out _);
    }
}
