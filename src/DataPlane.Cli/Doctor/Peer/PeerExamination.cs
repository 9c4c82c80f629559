using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DataPlane.Cli.Run;

namespace DataPlane.Cli.Doctor;

/// <summary>Asks the doctor of another host, and measures what lies between. Throws <see cref="PeerException"/> where that cannot be done.</summary>
internal static class PeerExamination
{
    private const int Warmups = 5;
    private const int RoundTrips = 40;
    private const int MostProbed = 65_535;
    private const int TcpMaxSegment = 2; // TCP_MAXSEG of linux/tcp.h.
    private const int SmallSegment = 536; // What every path takes (RFC 1122).

    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _greetTimeout = TimeSpan.FromSeconds(5);

    // An examination makes a VM, a memory file of huge pages: seconds on a slow host.
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(20);
    // Some twenty sizes, three tries of each.
    private static readonly TimeSpan _probeTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _bulkTimeout = TimeSpan.FromSeconds(3);

    /// <param name="address">TCP, with a port.</param>
    /// <param name="checks">This host's own examination.</param>
    /// <param name="cancel">Calls it off.</param>
    public static async Task<PeerFindings> RunAsync(MigrationAddress address, IReadOnlyList<Check> checks, CancellationToken cancel)
    {
        using var socket = await ConnectAsync(address, cancel);
        using var wire = new PeerWire(socket);
        await GreetAsync(wire, address, token: null, cancel);
        try
        {
            var there = await ReportAsync(wire, cancel);
            var here = HostReading.Of(checks, ((IPEndPoint)socket.LocalEndPoint!).Address);
            var path = await MeasureAsync(wire, address, (IPEndPoint)socket.RemoteEndPoint!, here, there, cancel);
            return new PeerFindings(address.ToString(), there, path, [.. new PeerChecks(address.Host!, here, there, path).All()]);
        }
        catch (Exception fault) when (fault is InvalidDataException or JsonException)
        {
            throw new PeerException("examine", $"The doctor of {address} gave an answer that is none: {(fault is JsonException strange ? $"{JsonWords.NotWhole(strange)}." : fault.Message)}", ExitCodes.CorruptStream);
        }
        catch (SocketException lost)
        {
            throw new PeerException("examine", $"The doctor of {address} went away: {lost.Message}.", ExitCodes.Failed);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PeerException("examine", $"The doctor of {address} did not answer in time.", ExitCodes.Failed);
        }
    }

    private static async Task<Socket> ConnectAsync(MigrationAddress address, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_connectTimeout);
        // By address where it is one: no resolver is asked then.
        var socket = IPAddress.TryParse(address.Host, out var ip) ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            // Said when connecting, so that neither side sends larger ones, and the answers come where full packets are lost.
            socket.SetRawSocketOption((int)ProtocolType.Tcp, TcpMaxSegment, BitConverter.GetBytes(SmallSegment));
            if (ip is not null) await socket.ConnectAsync(new IPEndPoint(ip, address.Port), limit.Token);
            else await socket.ConnectAsync(address.Host!, address.Port, limit.Token);
            return socket;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            var why = fault is SocketException refused ? refused.Message : $"no answer within {_connectTimeout.TotalSeconds:0} s, as of a firewall that drops or a host that is down";
            throw new PeerException("connect", $"{address} cannot be reached: {why}. Start 'dataplane doctor --listen {PeerServer.Everywhere}' there, and let the port through.", ExitCodes.CannotConnect);
        }
    }

    private static async Task GreetAsync(PeerWire wire, MigrationAddress address, string? token, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_greetTimeout);
        string[]? answer;
        try
        {
            await wire.SendAsync($"{PeerWire.Name} {PeerWire.Version}{(token is null ? "" : $" {token}")}", default, limit.Token);
            answer = await wire.ReadLineAsync(limit.Token);
        }
        catch (Exception fault) when (fault is InvalidDataException or SocketException || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            answer = null;
        }
        if (Refusal(answer, address) is { } refusal) throw refusal;
    }

    private static PeerException? Refusal(string[]? answer, MigrationAddress address) => answer switch
    {
        [PeerWire.Name, var version, _] when version != PeerWire.Version.ToString(CultureInfo.InvariantCulture) => new PeerException(
            "greet", $"The doctor of {address} speaks version {version} of this exchange, this one {PeerWire.Version}. Use the same version of dataplane on both hosts.", ExitCodes.Failed),
        [PeerWire.Name, _, "version"] => new PeerException(
            "greet", $"The doctor of {address} does not speak version {PeerWire.Version} of this exchange. Use the same version of dataplane on both hosts.", ExitCodes.Failed),
        [PeerWire.Name, _, "busy"] => new PeerException(
            "greet", $"The doctor of {address} is busy with another host: two at once would measure each other. Try again when that is through.", ExitCodes.Failed),
        [PeerWire.Name, _, "ok"] => null,
        _ => new PeerException("greet", $"What answers at {address} is no doctor. Start 'dataplane doctor --listen {PeerServer.Everywhere}' there.", ExitCodes.CorruptStream),
    };

    private static async Task<HostDescription> ReportAsync(PeerWire wire, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_answerTimeout);
        await wire.SendAsync("report", default, limit.Token);
        if (await wire.ReadLineAsync(limit.Token) is not ["report", var length]) throw new InvalidDataException("It is no report.");
        var text = Encoding.UTF8.GetString(await wire.ReadBytesAsync(PeerWire.Length(length, PeerWire.MostReport), limit.Token));
        return DoctorJson.ReadHost(text) is { Schema: HostDescription.SchemaName } host ? host : throw new InvalidDataException("It describes no host.");
    }

    private static async Task<PathReading> MeasureAsync(
        PeerWire wire, MigrationAddress address, IPEndPoint remote, HostDescription here, HostDescription there, CancellationToken cancel)
    {
        var trips = new List<(TimeSpan Time, long Ahead)>();
        for (var round = 0; round < Warmups + RoundTrips; round++)
        {
            var trip = await EchoAsync(wire, new byte[1], _answerTimeout, cancel);
            if (round >= Warmups) trips.Add(trip);
        }
        trips.Sort((left, right) => left.Time.CompareTo(right.Time));
        var (mtu, vanish, visit) = ((int?)null, false, "");
        var most = (int)Math.Min(Math.Min(here.InterfaceMtu ?? MostProbed, there.InterfaceMtu ?? MostProbed), MostProbed);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel))
        {
            limit.CancelAfter(_probeTimeout);
            await wire.SendAsync("path", default, limit.Token);
            if (await wire.ReadLineAsync(limit.Token) is not ["path", var port, var token] || !ulong.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var known))
                throw new InvalidDataException("It names no port for probes.");
            visit = token;
            (mtu, vanish) = await PathProbe.MeasureAsync(new IPEndPoint(PathProbe.Plain(remote.Address), PeerWire.Length(port, ushort.MaxValue)), known, most, trips[trips.Count / 2].Time, limit.Token);
        }
        var passes = await FullPacketsPassAsync(address, remote, visit, cancel);
        var (least, ahead) = trips[0];
        return new PathReading(
            remote.Port, least.TotalMicroseconds, trips[trips.Count / 2].Time.TotalMicroseconds, new TimeSpan(ahead).TotalMicroseconds,
            here.InterfaceMtu is null && there.InterfaceMtu is null ? null : most, mtu, vanish, passes);
    }

    private static async Task<bool> FullPacketsPassAsync(MigrationAddress address, IPEndPoint remote, string visit, CancellationToken cancel)
    {
        using var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (remote.Address.IsIPv4MappedToIPv6) socket.DualMode = true;
        socket.NoDelay = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_connectTimeout);
        await socket.ConnectAsync(remote, limit.Token);
        using var wire = new PeerWire(socket);
        await GreetAsync(wire, address, visit, cancel);
        try
        {
            _ = await EchoAsync(wire, new byte[PeerWire.MostEcho], _bulkTimeout, cancel);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Close(0); // What is on its way will not arrive; nobody needs to try on.
            return false;
        }
    }

    /// <summary>How long it took, and by how many ticks the other's clock is ahead of the middle of that.</summary>
    private static async Task<(TimeSpan Time, long Ahead)> EchoAsync(PeerWire wire, byte[] bytes, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        var (began, since) = (DateTimeOffset.UtcNow.UtcTicks, Stopwatch.GetTimestamp());
        await wire.SendAsync($"echo {bytes.Length}", bytes, limit.Token);
        if (await wire.ReadLineAsync(limit.Token) is not ["echo", var clock, var length] || !long.TryParse(clock, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
            throw new InvalidDataException("It is no echo.");
        _ = await wire.ReadBytesAsync(PeerWire.Length(length, bytes.Length), limit.Token);
        var time = Stopwatch.GetElapsedTime(since);
        return (time, ticks - (began + (time.Ticks / 2)));
    }
}
