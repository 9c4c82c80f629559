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
    private const int Backlog = 4096;

    public static Socket Listen(MigrationAddress address)
    {
        try
        {
            var end = address.Path is not null ? new UnixDomainSocketEndPoint(address.Path) : Ends(Literal(address) ?? Dns.GetHostAddresses(address.Host!), address)[0];
            var socket = Create(end);
            // As other programs have it: [::] is every address of this host, those of IPv4 too.
            if (end is IPEndPoint { Address: var ip } && ip.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            try
            {
                // SO_REUSEADDR as the kernel has it, so that a port can be taken again at once. .NET's option of that name sets SO_REUSEPORT
                // too, and then two destinations could listen on one port and get each other's connections.
                if (end is IPEndPoint) socket.SetRawSocketOption(SolSocket, SoReuseAddress, [1, 0, 0, 0]);
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
            throw Failed(MigrationSide.Destination, "listen", $"Cannot listen on {address}: {Reason(address, fault)}.{ListenAdvice(fault.SocketErrorCode)}", fault);
        }
    }

    public static async Task<Socket> ConnectAsync(MigrationAddress address, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            var ends = address.Path is not null ? [new UnixDomainSocketEndPoint(address.Path)] : Ends(Literal(address) ?? await Dns.GetHostAddressesAsync(address.Host!, limit.Token), address);
            return await ConnectAnyAsync(ends, limit.Token);
        }
        catch (SocketException fault)
        {
            throw Failed(MigrationSide.Source, "connect", $"Cannot connect to {address}: {Reason(address, fault)}.{ConnectAdvice(fault.SocketErrorCode)}", fault);
        }
        catch (OperationCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw Failed(MigrationSide.Source, "connect", $"Cannot connect to {address}: no answer within {timeout.TotalSeconds:0.###} s.", fault);
        }
    }

    private static async Task<Socket> ConnectAnyAsync(EndPoint[] ends, CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            var socket = Create(ends[i]);
            try
            {
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

    private static EndPoint[] Ends(IPAddress[] addresses, MigrationAddress address) => addresses.Length > 0
        ? [.. addresses.Select(ip => new IPEndPoint(ip, address.Port))] : throw new SocketException((int)SocketError.HostNotFound);

    // The resolver refuses the addresses that mean "any", and has nothing to add to any other that is written in digits.
    private static IPAddress[]? Literal(MigrationAddress address) => IPAddress.TryParse(address.Host, out var ip) ? [ip] : null;

    // .NET has no socket error for a missing file and calls it an address that cannot be assigned.
    private static string Reason(MigrationAddress address, SocketException fault) =>
        address.Path is not null && fault.SocketErrorCode == SocketError.AddressNotAvailable ? "No such file or directory" : fault.Message;

    private static string ConnectAdvice(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => " Check the name, or give an address.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => " Check the route to it.",
        _ => " Is the destination listening there?",
    };

    private static string ListenAdvice(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => " Something else listens there: end it, or take another one; port 0 picks a free one.",
        SocketError.AddressNotAvailable => " Give an address of this host.",
        SocketError.AccessDenied => " This user may not: take another one.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => " Give an address of this host.",
        _ => "",
    };

    private static MigrationException Failed(MigrationSide side, string step, string message, Exception fault) =>
        new(new MigrationError(MigrationErrorCode.CannotConnect, side, step, message), fault);
}
