using System.Net;
using System.Net.Sockets;

namespace DataPlane.Tools.Shaping;

/// <summary>
/// A link between a source and a destination on this host that is as fast, as long and as faulty as it is asked to be. The destination listens on <see cref="Listen"/>; the
/// source connects to <see cref="Reach(MigrationAddress)"/> of where that really is. Where namespaces are used, programs of the two sides are started with the words of
/// <see cref="SourceCommandPrefix"/> and <see cref="DestinationCommandPrefix"/> before theirs. For any thread.
/// </summary>
public sealed class ShapedLink : IAsyncDisposable
{
    private readonly LinkShape _shape;
    private readonly NamespacePair? _namespaces;
    private readonly FaultBoard _board;
    private readonly RateBucket? _there;
    private readonly RateBucket? _back;
    private readonly Dictionary<(string Address, bool Back), LinkRelay> _relays = [];
    private readonly bool _relayed;
    private bool _closed;

    private ShapedLink(LinkShape shape, NamespacePair? namespaces, string? whyNoNamespaces)
    {
        (_shape, _namespaces, WhyNoNamespaces) = (shape, namespaces, whyNoNamespaces);
        var held = shape.BytesPerSecond is { } rate && namespaces is null ? rate : (long?)null;
        (_there, _back) = held is { } bytes ? (new RateBucket(bytes), new RateBucket(bytes)) : (null, null);
        _relayed = held is not null || shape.Delay > TimeSpan.Zero || shape.Faults is { Faults.Count: > 0 };
        _board = new FaultBoard(shape.Faults);
        Mechanism = (namespaces, _relayed) switch
        {
            (null, false) => ShapingMechanism.None,
            (null, true) => ShapingMechanism.Relay,
            (_, false) => ShapingMechanism.Namespaces,
            _ => ShapingMechanism.NamespacesAndRelay,
        };
    }

    /// <summary>What makes it as it is.</summary>
    public ShapingMechanism Mechanism { get; }

    /// <summary>Why a relay holds the rate where namespaces might have; null where they do, or nobody asked for them.</summary>
    public string? WhyNoNamespaces { get; }

    /// <summary>Where a destination listens, on a port that is free.</summary>
    public MigrationAddress Listen => Free(_namespaces is null ? IPAddress.Loopback : IPAddress.Parse(NamespacePair.DestinationHost));

    /// <summary>Where the source's side listens for a guest that comes back.</summary>
    public MigrationAddress ListenBack => Free(_namespaces is null ? IPAddress.Loopback : IPAddress.Parse(NamespacePair.SourceHost));

    /// <summary>Words before a program's that start it at the source; none where both sides are of this network.</summary>
    public IReadOnlyList<string> SourceCommandPrefix => _namespaces is null ? [] : NamespacePair.Prefix(_namespaces.Source);

    /// <summary>Words before a program's that start it at the destination; none where both sides are of this network.</summary>
    public IReadOnlyList<string> DestinationCommandPrefix => _namespaces is null ? [] : NamespacePair.Prefix(_namespaces.Destination);

    /// <summary>The faults that have really struck so far, in order. They are there as well when the link is closed.</summary>
    public IReadOnlyList<LinkFaultStrike> Strikes => _board.Strikes;

    /// <summary>
    /// Makes a link. Namespaces that a killed process has left are taken down. Throws <see cref="ArgumentException"/> with every fault of <paramref name="shape"/>, and
    /// <see cref="ShapingException"/> where this host does not grant what is chosen.
    /// </summary>
    /// <param name="shape">What it is to be like.</param>
    /// <param name="choice">What it may be made with.</param>
    /// <param name="stop">Calls it off before it has begun.</param>
    public static Task<ShapedLink> OpenAsync(LinkShape shape, ShapingChoice choice, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var faults = shape.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(shape));
        // Programs are started and waited for.
        return Task.Run(() => Make(shape, choice), stop);
    }

    /// <summary>
    /// Where a source connects to, to come over the link to a destination that listens on <paramref name="listening"/> (the port that it really has). One address for each,
    /// however often it is asked for. Throws <see cref="ArgumentException"/> for an address that is no TCP address with a port, or cannot be resolved.
    /// </summary>
    public MigrationAddress Reach(MigrationAddress listening) => Reach(listening, back: false);

    /// <summary>The same in the other direction: from the destination's side to what listens on the source's, on <see cref="ListenBack"/>.</summary>
    public MigrationAddress ReachBack(MigrationAddress listening) => Reach(listening, back: true);

    /// <summary>Breaks all connections, and takes the namespaces down. Programs that were started in them have to have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        LinkRelay[] relays;
        lock (_relays)
        {
            if (_closed) return;
            _closed = true;
            relays = [.. _relays.Values];
        }
        await Task.Run(() =>
        {
            _board.Dispose();
            foreach (var relay in relays) relay.Dispose();
            _namespaces?.Dispose();
        });
    }

    private static ShapedLink Make(LinkShape shape, ShapingChoice choice)
    {
        if (choice == ShapingChoice.Relay || (choice == ShapingChoice.Auto && shape.BytesPerSecond is null)) return new ShapedLink(shape, namespaces: null, whyNoNamespaces: null);
        try
        {
            return new ShapedLink(shape, NamespacePair.Make(shape.BytesPerSecond), whyNoNamespaces: null);
        }
        catch (ShapingException refused) when (choice == ShapingChoice.Auto)
        {
            return new ShapedLink(shape, namespaces: null, refused.Message);
        }
    }

    private static MigrationAddress Free(IPAddress host) => MigrationAddress.Of(new IPEndPoint(host, 0));

    private MigrationAddress Reach(MigrationAddress listening, bool back)
    {
        ArgumentNullException.ThrowIfNull(listening);
        if (listening.Path is not null || listening.Port == 0) throw new ArgumentException($"'{listening}' cannot be reached over a link: it takes TCP, and the port that is listened on.", nameof(listening));
        var target = new IPEndPoint(Resolve(listening, back ? ListenBack : Listen), listening.Port);
        if (!_relayed) return MigrationAddress.Of(target);
        lock (_relays)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var key = (target.ToString(), back);
            if (!_relays.TryGetValue(key, out var relay)) _relays[key] = relay = Relay(target, back);
            return MigrationAddress.Of(relay.EndPoint);
        }
    }

    // Behind the stretch that the kernel holds to the rate, so that what has left there is all that is on the way here.
    private LinkRelay Relay(IPEndPoint target, bool back)
    {
        var host = _namespaces is null ? IPAddress.Loopback : IPAddress.Parse(back ? NamespacePair.SourceHost : NamespacePair.DestinationHost);
        var (there, under) = back ? (_back, _there) : (_there, _back);
        return new LinkRelay(
            back ? _namespaces?.Source : _namespaces?.Destination, host, target, holdsRate: there is not null,
            (client, server) => new RelayLane(client, server, _shape, there, under, _board));
    }

    private static IPAddress Resolve(MigrationAddress listening, MigrationAddress own)
    {
        if (!IPAddress.TryParse(listening.Host, out var address))
        {
            try
            {
                address = Dns.GetHostAddresses(listening.Host!, AddressFamily.InterNetwork).FirstOrDefault();
            }
            catch (SocketException unknown)
            {
                throw new ArgumentException($"'{listening}' cannot be resolved: {unknown.Message}", nameof(listening), unknown);
            }
        }
        // Who listens on every address is reached by the side's own.
        return address is null || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? IPAddress.Parse(own.Host!) : address;
    }
}
