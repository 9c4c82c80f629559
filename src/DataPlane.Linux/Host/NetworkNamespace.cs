using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace DataPlane.Linux.Host;

/// <summary>Sockets of another network namespace. A socket belongs to the namespace of the thread that made it, and stays there whoever uses it.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNetwork = 0x4000_0000; // CLONE_NEWNET: the file has to be of a network namespace.

    /// <summary>Where <c>ip netns</c> keeps the namespaces it has made.</summary>
    public const string Folder = "/run/netns";

    /// <summary>
    /// A TCP socket that fits <paramref name="end"/>, in the namespace <paramref name="name"/>; null is the process' own. Throws <see cref="LinuxException"/> where
    /// the namespace cannot be entered, <see cref="IOException"/> where it is gone.
    /// </summary>
    public static Socket CreateSocket(string? name, EndPoint end)
    {
        if (name is null) return Create(end);
        Socket? socket = null;
        ExceptionDispatchInfo? fault = null;
        // Of its own, since a thread of the pool would stay in the namespace.
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name);
                socket = Create(end);
            }
            catch (Exception refused)
            {
                fault = ExceptionDispatchInfo.Capture(refused);
            }
        }) { IsBackground = true, Name = "dp-netns" };
        thread.Start();
        thread.Join();
        fault?.Throw();
        return socket!;
    }

    private static Socket Create(EndPoint end) => new(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static void Enter(string name)
    {
        using var file = File.OpenHandle(Path.Combine(Folder, name));
        if (Set((int)file.DangerousGetHandle(), NewNetwork) != 0) throw LinuxException.Last($"setns to network namespace '{name}'");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Set(int file, int kind);
}
