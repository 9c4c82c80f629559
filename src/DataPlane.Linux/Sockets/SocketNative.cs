using System.Runtime.InteropServices;

namespace DataPlane.Linux.Sockets;

/// <summary>struct iovec: a piece of memory to send from or receive into.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}

/// <summary>struct msghdr of the 64-bit Linux ABI.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>The socket calls that .NET's own cannot do: gather from and scatter into foreign memory.</summary>
internal static unsafe partial class SocketNative
{
    /// <summary>IOV_MAX: most pieces in one call.</summary>
    public const int MaxVectors = 1024;

    public const int MsgNoSignal = 0x4000;
    public const int MsgMore = 0x8000;
    public const int BrokenPipe = 32;
    public const int SetFlags = 4;
    public const int GetFlags = 3;
    public const int NonBlocking = 0x800;
    public const int Interrupted = 4;
    public const int TcpLevel = 6;
    public const int TcpInfo = 11;
    public const int TcpCongestion = 13;
    public const int UnixFamily = 1;
    public const int StreamCloseOnExec = 1 | 0x80000;

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Create(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int option, void* value, uint length);
}
