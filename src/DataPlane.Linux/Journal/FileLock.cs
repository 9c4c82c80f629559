using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Linux.Journal;

/// <summary>
/// The exclusive lock of an open file (an open file description's, not the process's): closing another descriptor of the same file
/// leaves it, and the end of the process, however that comes, lets go of it.
/// </summary>
internal static unsafe class FileLock
{
    /// <summary>False where another holds it. Throws <see cref="LinuxException"/> where the file system has no such lock.</summary>
    public static bool TryTake(SafeFileHandle file)
    {
        var all = new JournalNative.Range { Type = JournalNative.WriteLock };
        // SAFETY: the structure lives on this stack for the length of the call.
        while (JournalNative.Control(file, JournalNative.SetOpenFileLock, &all) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is JournalNative.Again or JournalNative.AccessDenied) return false;
            if (error != JournalNative.Interrupted) throw new LinuxException("fcntl(F_OFD_SETLK)", error);
        }
        return true;
    }

    /// <summary>Whether another holds it; takes nothing, so that looking never stands in anybody's way.</summary>
    public static bool IsHeld(SafeFileHandle file)
    {
        var all = new JournalNative.Range { Type = JournalNative.WriteLock };
        // SAFETY: as above; the kernel writes the lock that is in the way into it, or that there is none.
        if (JournalNative.Control(file, JournalNative.GetOpenFileLock, &all) != 0) throw LinuxException.Last("fcntl(F_OFD_GETLK)");
        return all.Type != JournalNative.Unlocked;
    }
}
