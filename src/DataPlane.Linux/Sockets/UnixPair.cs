using System.Net.Sockets;

namespace DataPlane.Linux.Sockets;

/// <summary>Two UNIX stream sockets connected to each other, without a name in the file system: <c>socketpair(2)</c>.</summary>
internal static unsafe class UnixPair
{
    /// <summary>Both belong to the caller.</summary>
    public static (Socket One, Socket Other) Create()
    {
        var ends = stackalloc int[2];
        if (SocketNative.SocketPair(SocketNative.UnixFamily, SocketNative.StreamCloseOnExec, 0, ends) != 0)
            throw LinuxException.Last("socketpair");
        var other = new SafeSocketHandle(ends[1], ownsHandle: true);
        return (new Socket(new SafeSocketHandle(ends[0], ownsHandle: true)), new Socket(other));
    }
}
