using System.Globalization;
using System.Runtime.InteropServices;

namespace DataPlane.Linux.Sockets;

/// <summary>The event polls (<c>epoll</c>) of this process, of which the runtime keeps some for asynchronous socket calls.</summary>
internal static partial class EventPolls
{
    private const string Descriptors = "/proc/self/fd";
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
            foreach (var path in Directory.EnumerateFileSystemEntries(Descriptors))
                if (int.TryParse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture, out var poll))
                    _ = Control(poll, Remove, descriptor, 0); // Fails for what is no event poll, and for those that do not have it.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // No /proc here: it works as well, with the wake-ups.
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    private static partial int Control(int poll, int operation, int descriptor, nint entry);
}
