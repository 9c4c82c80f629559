using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DataPlane.Cli.Options;
using DataPlane.Linux.Sockets;

namespace DataPlane.Cli.Doctor;

/// <summary>Answers doctors of other hosts, one at a time: two at once would find each other on the path.</summary>
internal sealed class PeerServer(Socket listener, Func<IReadOnlyList<Check>> examine, Action<string> log) : IDisposable
{
    /// <summary>Where a doctor listens that is to answer everybody.</summary>
    public static readonly string Everywhere = $"tcp:{(Socket.OSSupportsIPv6 ? "[::]" : "0.0.0.0")}:{PeerWire.DefaultPort}";

    // One that means it greets at once, and asks the next thing when it has the answer to the last, or has probed the path.
    private static readonly TimeSpan _greetTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan _lastWords = TimeSpan.FromMilliseconds(250);

    // Connections that have not greeted yet, or are being refused.
    private const int MostStrangers = 64;

    private readonly SemaphoreSlim _place = new(1);
    private readonly SemaphoreSlim _strangers = new(MostStrangers);
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Of the visit that is going on, once it has asked for it.
    private string? _token;

    /// <summary>Binds and listens. Throws <see cref="SocketException"/> where that cannot be done.</summary>
    public static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(MostStrangers);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Serves until <paramref name="stop"/>, or with <paramref name="once"/> until one client is through.</summary>
    public async Task RunAsync(bool once, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var accepting = AcceptAsync(end.Token);
        if (once) await Task.WhenAny(_served.Task, accepting);
        else await accepting;
        await end.CancelAsync();
        await accepting;
    }

    public void Dispose()
    {
        _place.Dispose();
        _strangers.Dispose();
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        var visits = new List<Task>();
        try
        {
            while (true)
            {
                await _strangers.WaitAsync(stop);
                var socket = await listener.AcceptAsync(stop);
                _ = visits.RemoveAll(visit => visit.IsCompleted);
                visits.Add(VisitAsync(socket, stop));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // Told to end; or the listener is gone, which ends it too.
        }
        await Task.WhenAll(visits);
    }

    private async Task VisitAsync(Socket socket, CancellationToken stop)
    {
        using var wire = new PeerWire(socket);
        var name = socket.RemoteEndPoint is { } end ? PeerNames.Of(end) : "unknown";
        var placed = false;
        try
        {
            socket.NoDelay = true;
            var answer = await GreetAsync(wire, stop);
            placed = answer == Answer.Ok;
            if (placed) log($"examined by {name}");
            if (placed || answer == Answer.Beside) await ServeAsync(socket, wire, whole: placed, stop);
        }
        catch (Exception fault) when (fault is InvalidDataException or SocketException or OperationCanceledException)
        {
            log($"{(placed ? "broken off" : "refused")}: {name}: {(fault is OperationCanceledException ? "nothing came in time, or this doctor is ending." : fault.Message)}");
        }
        finally
        {
            if (placed)
            {
                _ = _place.Release();
                _ = _served.TrySetResult();
            }
            _ = _strangers.Release();
        }
    }

    /// <summary>Whether it is a doctor of this version and the place is free: then it has it. One that is served already may come by a second connection.</summary>
    private async Task<Answer> GreetAsync(PeerWire wire, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_greetTimeout);
        if (await wire.ReadLineAsync(limit.Token) is not [PeerWire.Name, var version, .. var more]) throw new InvalidDataException("It is no doctor.");
        var answer = version != PeerWire.Version.ToString(CultureInfo.InvariantCulture) ? Answer.Version
            : more is [var token] && token == Volatile.Read(ref _token) ? Answer.Beside
            : more.Length > 0 ? throw new InvalidDataException("It names no visit of now.")
            : await _place.WaitAsync(0, stop) ? Answer.Ok : Answer.Busy;
        await wire.SendAsync($"{PeerWire.Name} {PeerWire.Version} {Readers.Name(answer == Answer.Beside ? Answer.Ok : answer)}", default, stop);
        if (answer is Answer.Ok or Answer.Beside) return answer;
        // It closes when it has read that; closing first could take the words back.
        limit.CancelAfter(_lastWords);
        _ = await wire.ReadLineAsync(limit.Token);
        return answer;
    }

    private async Task ServeAsync(Socket socket, PeerWire wire, bool whole, CancellationToken stop)
    {
        using var visit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Socket? probes = null;
        Task? answering = null;
        try
        {
            while (true)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(_idleTimeout);
                switch (await wire.ReadLineAsync(limit.Token))
                {
                    case null:
                        return;
                    case ["report"] when whole:
                        var report = Encoding.UTF8.GetBytes(DoctorJson.Write(HostReading.Of(await Task.Run(examine, stop), ((IPEndPoint)socket.LocalEndPoint!).Address)));
                        await wire.SendAsync($"report {report.Length}", report, limit.Token);
                        break;
                    case ["echo", var length]:
                        var bytes = await wire.ReadBytesAsync(PeerWire.Length(length, PeerWire.MostEcho), limit.Token);
                        await wire.SendAsync(string.Create(CultureInfo.InvariantCulture, $"echo {DateTimeOffset.UtcNow.UtcTicks} {bytes.Length}"), bytes, limit.Token);
                        break;
                    case ["path"] when whole && probes is null:
                        var local = PathProbe.Plain(((IPEndPoint)socket.LocalEndPoint!).Address);
                        probes = PathProbe.Create(local.AddressFamily);
                        probes.Bind(new IPEndPoint(local, 0));
                        // Not by RandomNumberGenerator, which needs OpenSSL and ends the process without.
                        var token = BinaryPrimitives.ReadUInt64LittleEndian(Guid.NewGuid().ToByteArray());
                        answering = PathProbe.AnswerAsync(probes, token, visit.Token);
                        Volatile.Write(ref _token, token.ToString(CultureInfo.InvariantCulture));
                        await wire.SendAsync(string.Create(CultureInfo.InvariantCulture, $"path {((IPEndPoint)probes.LocalEndPoint!).Port} {token}"), default, limit.Token);
                        break;
                    default:
                        throw new InvalidDataException("It asks what is not known.");
                }
            }
        }
        finally
        {
            if (whole) Volatile.Write(ref _token, null);
            await visit.CancelAsync();
            if (answering is not null) await answering;
            probes?.Dispose();
        }
    }

    private enum Answer
    {
        Ok,

        /// <summary>As <see cref="Ok"/>, beside a visit that is going on.</summary>
        Beside,
        Busy,
        Version,
    }
}
