using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Errors;

namespace DataPlane.Sessions;

/// <summary>Makes sockets for addresses, and turns their failures into sentences with the address in them.</summary>
internal static class SessionSockets
{
    private const int SolSocket = 1, SoReuseAddress = 2;

    /// <summary>
    /// Connections that wait in the kernel, which takes at most net.core.somaxconn, 4,096 by default. Beyond them it drops a source's first packet,
    /// which comes again a second later; strays are accepted and sorted at some 5,000 a second.
    /// </summary>
    public const int Backlog = 4096;

    public static Socket Listen(MigrationAddress address)
    {
        try
        {
            if (address.Path is not null) return UnixListening.Listen(address.Path);
            var end = Ends(Literal(address) ?? Dns.GetHostAddresses(address.Host!), address)[0];
            var socket = Create(end);
            // As other programs have it: [::] is every address of this host, those of IPv4 too.
            if (end.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            try
            {
                // SO_REUSEADDR as the kernel has it, so that a port can be taken again at once. .NET's option of that name sets SO_REUSEPORT
                // too, and then two destinations could listen on one port and get each other's connections.
                socket.SetRawSocketOption(SolSocket, SoReuseAddress, [1, 0, 0, 0]);
                socket.Bind(end);
                socket.Listen(Backlog);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (SocketException fault)
        {
            throw Failed(MigrationSide.Destination, "listen", $"Cannot listen on {address}: {Reason(address, fault)}.{ListenAdvice(address, fault.SocketErrorCode)}", fault);
        }
    }

    /// <summary>
    /// Throws <see cref="MigrationException"/> (cannot-connect) where <paramref name="local"/> is no address of this host, or cannot reach
    /// <paramref name="to"/> because it is of the other family.
    /// </summary>
    public static void CheckLocal(IPAddress local, MigrationAddress to)
    {
        if (Literal(to) is [var ip] && ip.AddressFamily != local.AddressFamily) throw OtherFamily(local, to);
        try
        {
            using var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(local, 0));
        }
        catch (SocketException fault)
        {
            throw Failed(MigrationSide.Source, "connect", $"Cannot send from {local}: {fault.Message}. Give an address of this host ('ip address' lists them).", fault);
        }
    }

    /// <summary>Connects, from <paramref name="local"/> where one is named; <paramref name="tune"/> is given the socket before.</summary>
    public static async Task<Socket> ConnectAsync(
        MigrationAddress address, TimeSpan timeout, CancellationToken cancel, IPAddress? local = null, Action<Socket>? tune = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            EndPoint[] ends = address.Path is not null ? [new UnixDomainSocketEndPoint(address.Path)] : Ends(Literal(address) ?? await Dns.GetHostAddressesAsync(address.Host!, limit.Token), address);
            if (local is not null && (ends = Array.FindAll(ends, end => end.AddressFamily == local.AddressFamily)).Length == 0) throw OtherFamily(local, address);
            return await ConnectAnyAsync(ends, local, tune, limit.Token);
        }
        catch (SocketException fault)
        {
            var from = local is null ? "" : $" from {local}";
            throw Failed(MigrationSide.Source, "connect", $"Cannot connect to {address}{from}: {Reason(address, fault)}.{ConnectAdvice(fault.SocketErrorCode)}", fault);
        }
        catch (OperationCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw Failed(MigrationSide.Source, "connect", $"Cannot connect to {address}: no answer within {timeout.TotalSeconds:0.###} s.", fault);
        }
    }

    private static async Task<Socket> ConnectAnyAsync(EndPoint[] ends, IPAddress? local, Action<Socket>? tune, CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            var socket = Create(ends[i]);
            try
            {
                tune?.Invoke(socket);
                if (local is not null) socket.Bind(new IPEndPoint(local, 0));
                await socket.ConnectAsync(ends[i], cancel);
                return socket;
            }
            catch (SocketException) when (i + 1 < ends.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static Socket Create(EndPoint end)
    {
        var tcp = end is IPEndPoint;
        var socket = new Socket(end.AddressFamily, SocketType.Stream, tcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        if (tcp) socket.NoDelay = true;
        return socket;
    }

    private static IPEndPoint[] Ends(IPAddress[] addresses, MigrationAddress address) => addresses.Length > 0
        ? [.. addresses.Select(ip => new IPEndPoint(ip, address.Port))] : throw new SocketException((int)SocketError.HostNotFound);

    // The resolver refuses the addresses that mean "any", and has nothing to add to any other that is written in digits.
    private static IPAddress[]? Literal(MigrationAddress address) => IPAddress.TryParse(address.Host, out var ip) ? [ip] : null;

    // .NET has no socket error for a missing file and calls it an address that cannot be assigned.
    private static string Reason(MigrationAddress address, SocketException fault) => (address.Path, fault.SocketErrorCode) switch
    {
        (not null, SocketError.AddressNotAvailable) => "No such file or directory",
        (not null, SocketError.OperationNotSupported) => "There is a file of that name, and it is no socket",
        _ => fault.Message,
    };

    private static string ConnectAdvice(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => " Check the name, or give an address.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => " Check the route to it.",
        _ => " Is the destination listening there?",
    };

    private static string ListenAdvice(MigrationAddress address, SocketError error) => error switch
    {
        SocketError.OperationNotSupported when address.Path is not null => " Take another path, or move the file away.",
        SocketError.AddressNotAvailable when address.Path is not null => " Its folder must exist.",
        SocketError.AddressAlreadyInUse when address.Path is not null => " Somebody listens there: end it, or take another path.",
        SocketError.AddressAlreadyInUse => " Something else listens there: end it, or take another one; port 0 picks a free one.",
        SocketError.AddressNotAvailable => " Give an address of this host.",
        SocketError.AccessDenied => " This user may not: take another one.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => " Give an address of this host.",
        _ => "",
    };

    private static MigrationException OtherFamily(IPAddress local, MigrationAddress to) => Failed(
        MigrationSide.Source, "connect",
        $"Cannot connect to {to} from {local}: one is IPv4 and the other IPv6. Give a local address of the destination's kind.",
        new SocketException((int)SocketError.AddressFamilyNotSupported));

    private static MigrationException Failed(MigrationSide side, string step, string message, Exception fault) =>
        new(new MigrationError(MigrationErrorCode.CannotConnect, side, step, message), fault);
}
