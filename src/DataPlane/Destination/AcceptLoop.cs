using System.Net.Sockets;
using DataPlane.Sessions;

namespace DataPlane.Destination;

/// <summary>
/// Accepts one connection after another, as long as there is a listener: what ails one connection, or a lack of descriptors or memory for it,
/// is not the end.
/// </summary>
internal sealed class AcceptLoop(IConnections connections, UnknownConnections unknown, DestinationState state)
{
    /// <summary>Where there is nothing to end: others of this process or host have to give something back first.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<SocketError> _said = [];

    /// <summary>Hands each connection to <paramref name="meet"/>. Ends by an exception: cancelled, or the listener is gone.</summary>
    public async Task RunAsync(Action<Socket> meet, CancellationToken stop)
    {
        while (true)
        {
            await unknown.MakeRoomAsync(stop);
            Socket socket;
            try
            {
                socket = await connections.NextAsync(stop);
            }
            catch (SocketException fault) when (!IsListenerGone(fault.SocketErrorCode))
            {
                await BearAsync(fault, stop);
                continue;
            }
            meet(socket);
        }
    }

    private static bool IsListenerGone(SocketError error) =>
        error is SocketError.OperationAborted or SocketError.NotSocket or SocketError.InvalidArgument or SocketError.Shutdown or SocketError.OperationNotSupported;

    private async Task BearAsync(SocketException fault, CancellationToken stop)
    {
        // The one that was to be accepted is gone already, and so takes no other's turn.
        if (fault.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset) return;
        if (_said.Add(fault.SocketErrorCode))
            state.Log(
                $"cannot accept a connection: {fault.Message}. Going on; connections that have said nothing are closed to make room. "
                + "If this process may open too few, 'ulimit -n' raises that.");
        if (!unknown.TryShrink()) await Task.Delay(Pause, state.Clock.Time, stop);
    }
}
