using System.Runtime.InteropServices;

namespace DataPlane.Linux.Memory;

/// <summary>The calls that make, map and look into memory files. x86-64 and arm64 Linux share these numbers.</summary>
internal static unsafe partial class MemoryNative
{
    public const int ProtNone = 0;
    public const int ProtReadWrite = 3;
    public const int MapShared = 1;
    public const int MapPrivate = 2;
    public const int MapFixed = 0x10;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;
    public const int MfdCloexec = 1;
    public const int MfdHugetlb = 4;
    public const int MfdHuge2Mb = 21 << 26;
    public const int MadvPopulateWrite = 23;
    public const int MadvCollapse = 25;
    public const int MsAsync = 1;
    public const int SeekData = 3;
    public const int SeekHole = 4;
    public const int Interrupted = 4;
    public const int NoSuchData = 6;
    public const int NoMemory = 12;
    public const int BadAddress = 14;
    public const int Invalid = 22;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Ftruncate(int fd, long length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Mmap(nint address, nuint length, int prot, int flags, int fd, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Munmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Madvise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "msync", SetLastError = true)]
    public static partial int Msync(nint address, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Lseek(int fd, long offset, int whence);

    /// <summary>Fills 120 bytes (x86-64 and arm64) at <paramref name="result"/>, of which the first eight name the kind of file system.</summary>
    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int Fstatfs(int fd, long* result);

    /// <summary>Fills the 256 bytes of a <see cref="FileFacts"/>, which look the same on every machine.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int directory, string path, int flags, uint mask, FileFacts* result);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);
}
