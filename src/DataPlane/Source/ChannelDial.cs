using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>Opens a data channel: connects it with the congestion control that it is to have, and shows its preamble.</summary>
internal static class ChannelDial
{
    /// <summary>The channel is the caller's. Throws <see cref="MigrationException"/> where the congestion control cannot be had.</summary>
    /// <param name="connections">Where it comes from.</param>
    /// <param name="preamble">Of this channel.</param>
    /// <param name="wanted">The congestion control, or <c>auto</c>.</param>
    /// <param name="roundTrip">Microseconds, for <c>auto</c>; 0 where it is not known.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<(DataSocket Channel, string? Congestion)> OpenAsync(
        IConnections connections, Preamble preamble, string wanted, uint roundTrip, CancellationToken cancel)
    {
        var socket = await connections.NextAsync(cancel, each => Tune(each, wanted, roundTrip));
        try
        {
            // A route may have a congestion control of its own, which a socket takes as it connects.
            if (wanted != "auto" && TcpTuning.ReadCongestion(socket) is { } other && other != wanted) Tune(socket, wanted, roundTrip: 0);
            Show(socket, preamble);
            return (new DataSocket(socket), TcpTuning.ReadCongestion(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Show(Socket socket, in Preamble preamble)
    {
        Span<byte> bytes = stackalloc byte[Preamble.Size];
        preamble.Write(bytes);
        _ = socket.Send(bytes);
    }

    // Before the socket connects: one that began with bbr goes on pacing under another control (the kernel takes its pacing status back from none).
    private static void Tune(Socket socket, string wanted, uint roundTrip)
    {
        if (socket.ProtocolType != ProtocolType.Tcp) return;
        try
        {
            TcpTuning.SetCongestion(socket, wanted, roundTrip);
        }
        catch (LinuxException fault)
        {
            throw new MigrationException(new MigrationError(MigrationErrorCode.OutOfResources, MigrationSide.Source, "handshake", fault.Message));
        }
    }
}
