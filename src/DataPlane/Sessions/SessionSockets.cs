using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Errors;

namespace DataPlane.Sessions;

/// <summary>Makes sockets for addresses, and turns their failures into sentences with the address in them.</summary>
internal static class SessionSockets
{
    public static Socket Listen(MigrationAddress address)
    {
        try
        {
            var end = address.Path is not null ? new UnixDomainSocketEndPoint(address.Path) : Ends(Dns.GetHostAddresses(address.Host!), address)[0];
            var socket = Create(end);
            try
            {
                if (end is IPEndPoint) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(end);
                socket.Listen(128);
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
            throw Failed(MigrationSide.Destination, "listen", $"Cannot listen on {address}: {fault.Message}.", fault);
        }
    }

    public static async Task<Socket> ConnectAsync(MigrationAddress address, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            var ends = address.Path is not null ? [new UnixDomainSocketEndPoint(address.Path)] : Ends(await Dns.GetHostAddressesAsync(address.Host!, limit.Token), address);
            return await ConnectAnyAsync(ends, limit.Token);
        }
        catch (SocketException fault)
        {
            throw Failed(MigrationSide.Source, "connect", $"Cannot connect to {address}: {fault.Message}. Is the destination listening there?", fault);
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

    private static MigrationException Failed(MigrationSide side, string step, string message, Exception fault) =>
        new(new MigrationError(MigrationErrorCode.CannotConnect, side, step, message), fault);
}
