using System.Runtime.InteropServices;

namespace DataPlane.Linux.Memory;

/// <summary>What <c>statx</c> says of an open file, as far as it matters here.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal unsafe struct FileFacts
{
    private const int EmptyPath = 0x1000;
    private const uint InodeSizeBlocks = 0x100 | 0x200 | 0x400;
    private const int WorkingDirectory = -100;
    private const int NotThroughLinks = 0x100;
    private const uint Kind = 1;
    private const int KindBits = 0xF000;
    private const int Socket = 0xC000;

    /// <summary>Which of the fields the file system filled.</summary>
    [FieldOffset(0)]
    public uint Mask;

    /// <summary>Kind and permissions.</summary>
    [FieldOffset(28)]
    public ushort Mode;

    /// <summary>The file's number within its file system.</summary>
    [FieldOffset(32)]
    public ulong Inode;

    /// <summary>Bytes from the first to the end, holes included.</summary>
    [FieldOffset(40)]
    public ulong Size;

    /// <summary>Units of 512 bytes that are allocated: less than the size asks for where the file has holes.</summary>
    [FieldOffset(48)]
    public ulong Blocks;

    /// <summary>Asks for all of them. Returns false where the file system does not tell all.</summary>
    public static bool TryRead(int fd, out FileFacts facts)
    {
        FileFacts read = default;
        var known = MemoryNative.Statx(fd, "", EmptyPath, InodeSizeBlocks, &read) == 0
            && (read.Mask & InodeSizeBlocks) == InodeSizeBlocks;
        facts = read;
        return known;
    }

    /// <summary>Whether the file at <paramref name="path"/>, itself and not what it links to, is a UNIX socket. False where there is none.</summary>
    public static bool IsSocket(string path)
    {
        FileFacts read = default;
        return MemoryNative.Statx(WorkingDirectory, path, NotThroughLinks, Kind, &read) == 0 && (read.Mode & KindBits) == Socket;
    }
}
