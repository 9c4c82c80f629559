using System.Net.Sockets;

namespace DataPlane.Destination;

/// <summary>
/// Accepts one connection after another, as long as there is a listener: what ails one connection, or a lack of descriptors or memory for it,
/// is not the end.
/// </summary>
/// <param name="accept">Gives the next connection.</param>
/// <param name="unknown">Has to have room for it.</param>
/// <param name="openFiles">Descriptors that this process may have open; null where that is not known.</param>
/// <param name="time">For waiting.</param>
/// <param name="log">Gets a line when accepting fails, once for each reason.</param>
internal sealed class AcceptLoop(
    Func<CancellationToken, ValueTask<Socket>> accept, UnknownConnections unknown, long? openFiles, TimeProvider time, Action<string> log)
{
    /// <summary>
    /// Descriptors that strays leave to the rest of the process. The runtime opens a pipe for each thread that it starts and a file for each
    /// assembly that it loads, and ends the process where it cannot.
    /// </summary>
    private const int Reserve = 32;

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
                socket = await accept(stop);
            }
            catch (SocketException fault) when (!IsListenerGone(fault.SocketErrorCode))
            {
                await BearAsync(fault, stop);
                continue;
            }
            // The kernel gives the lowest number that is free, so at least so many are open.
            if (openFiles is { } most && socket.Handle >= most - Reserve) _ = unknown.TryShrink();
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
            log(
                $"cannot accept a connection: {fault.Message}. Going on; connections that have said nothing are closed to make room. "
                + "If this process may open too few, 'ulimit -n' raises that.");
        if (!unknown.TryShrink()) await Task.Delay(Pause, time, stop);
    }
}
