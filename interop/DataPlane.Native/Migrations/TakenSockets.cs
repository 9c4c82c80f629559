using System.Net.Sockets;
using DataPlane.Native.Errors;

namespace DataPlane.Native.Migrations;

/// <summary>Connected sockets of the caller: taken over where the migration takes them, and left alone where it does not.</summary>
internal static unsafe class TakenSockets
{
    private const uint Most = 65; // Control and 64 data channels.

    public static void Use(int* fds, uint count, Action<IReadOnlyList<Socket>> start)
    {
        if (fds == null) throw NativeException.Argument("The array of sockets is NULL.");
        if (count is < 2 or > Most) throw NativeException.Argument($"{count} sockets were given; accepted: 2 to {Most}, one for control and one for each data channel.");
        var given = new ReadOnlySpan<int>(fds, (int)count).ToArray();
        if (given.Distinct().Count() < given.Length) throw NativeException.Argument("A socket was given twice.");
        var sockets = new List<Socket>();
        try
        {
            foreach (var fd in given) sockets.Add(Open(fd));
            start(sockets);
        }
        catch
        {
            foreach (var socket in sockets) socket.SafeHandle.SetHandleAsInvalid(); // Lets go of the descriptor without closing it.
            throw;
        }
    }

    private static Socket Open(int fd)
    {
        var handle = new SafeSocketHandle(fd, ownsHandle: true);
        try
        {
            if (fd >= 0) return new Socket(handle);
        }
        catch (SocketException)
        {
            // Said below.
        }
        handle.SetHandleAsInvalid();
        throw NativeException.Argument($"Descriptor {fd} is not a socket.");
    }
}
