using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Linux.Journal;

/// <summary>The calls of a journal that .NET does not have, or has without telling that they failed.</summary>
internal static unsafe partial class JournalNative
{
    public const int GetOpenFileLock = 36; // F_OFD_GETLK
    public const int SetOpenFileLock = 37; // F_OFD_SETLK
    public const short WriteLock = 1; // F_WRLCK
    public const short Unlocked = 2; // F_UNLCK
    public const int Again = 11; // EAGAIN
    public const int AccessDenied = 13; // EACCES
    public const int Interrupted = 4; // EINTR
    public const int OpenFolder = 0x80000; // O_RDONLY | O_CLOEXEC

    /// <summary>Declared with three fixed arguments: on x86-64 and arm64 Linux a variadic call takes them from the same places.</summary>
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, int command, Range* range);

    /// <summary>Gives a file a second name, which must be new: of all who try one wins, on network file systems too.</summary>
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(int fd);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    /// <summary><c>struct flock</c> of a 64-bit system.</summary>
    public struct Range
    {
        public short Type, Whence;
        public long Start, Length;
        public int Process;
    }
}
