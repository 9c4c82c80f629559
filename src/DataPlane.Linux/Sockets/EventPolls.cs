using System.Runtime.InteropServices;

namespace DataPlane.Linux.Sockets;

/// <summary>The event polls (<c>epoll</c>) of this process, of which the runtime keeps some for asynchronous socket calls.</summary>
internal static partial class EventPolls
{
    private const string Descriptors = "/proc/self/fd";
    private const string Link = "anon_inode:[eventpoll]";
    private const int Remove = 2;

    /// <summary>
    /// Takes a descriptor out of all of them. The runtime enters a socket at the first asynchronous call that has to wait and never takes it out; from
    /// then on every packet wakes its thread, for nothing once the socket is used by blocking calls (measured: a wake-up and two switches for 64 KiB). No
    /// asynchronous call on the socket comes back afterwards.
    /// </summary>
    public static void Leave(int descriptor)
    {
        try
        {
            foreach (var file in new DirectoryInfo(Descriptors).EnumerateFiles())
                if (file.LinkTarget == Link && int.TryParse(file.Name, out var poll))
                    _ = Control(poll, Remove, descriptor, 0); // It fails for those that do not have it.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No /proc here: it works as well, with the wake-ups.
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static partial int Control(int poll, int operation, int descriptor, nint entry);
}
