using System.Net.Sockets;
using DataPlane.Linux.Memory;

namespace DataPlane.Sessions;

/// <summary>
/// Listens on the path of a UNIX socket. The file of a process that was killed stays behind and takes no connections: it is replaced. A
/// socket that somebody listens on, and a file that is no socket, are left as they are.
/// </summary>
internal static class UnixListening
{
    /// <summary>Throws <see cref="SocketException"/>: address in use where somebody listens, operation not supported where the file is no socket.</summary>
    public static Socket Listen(string path)
    {
        for (var replaced = false; ; replaced = true)
        {
            var socket = Create();
            try
            {
                socket.Bind(new UnixDomainSocketEndPoint(path));
                socket.Listen(SessionSockets.Backlog);
                return socket;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && !replaced)
            {
                socket.Dispose();
                Replace(path);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// Takes the file away, or throws. It is moved aside before it is asked again: two that start at once must not each take the other's
    /// new socket for the old one.
    /// </summary>
    private static void Replace(string path)
    {
        ThrowUnlessStale(path);
        var aside = $"{path}.{Environment.ProcessId}";
        if (!TryMove(path, aside)) return; // Somebody else has taken it away.
        try
        {
            ThrowUnlessStale(aside);
            File.Delete(aside);
        }
        catch (SocketException)
        {
            _ = TryMove(aside, path);
            throw;
        }
    }

    private static void ThrowUnlessStale(string path)
    {
        using var probe = Create();
        probe.Blocking = false; // A listener whose queue is full would let a blocking call wait.
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // To connect to a file that is no socket is refused in the same words.
            if (FileFacts.IsSocket(path)) return;
            throw new SocketException((int)SocketError.OperationNotSupported);
        }
        catch (SocketException)
        {
            // Neither refused nor connected: whatever it is, it is not to be taken away.
        }
        throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Socket Create() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
