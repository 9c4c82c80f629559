using System.Buffers.Binary;
using System.Globalization;

namespace DataPlane.Bench.Qemu;

/// <summary>
/// A guest for QEMU: a multiboot image of a few instructions that either halt, or go to user mode and write one word in page after page, round and
/// round, at full speed or at a pace that the time stamp counter gives.
/// </summary>
internal static class QemuImage
{
    /// <summary>Where the image lies and, behind its header, begins.</summary>
    public const uint Address = 0x10_0000, Entry = Address + HeaderBytes;

    /// <summary>The first page that is written.</summary>
    public const uint FirstPage = 0x200_0000;

    /// <summary>More than any image is long.</summary>
    public const uint MaxBytes = 512;

    private const int HeaderBytes = 32;
    private const uint Magic = 0x1BAD_B002, HasAddresses = 0x1_0000;
    private const uint EndOfPages = 0x600_0000, PageBytes = 4096;

    /// <summary>The image of a guest that dirties so many MiB a second of 64 MiB, or of one that does nothing.</summary>
    public static byte[] Make(int dirtyMebibytes) =>
        Image(dirtyMebibytes == 0 ? [0xFA, 0xF4, 0xEB, 0xFD] : Writer(EndOfPages, TicksPerPage(dirtyMebibytes))); // cli; hlt; jmp to the hlt

    /// <summary>The image of a guest that writes as fast as it can, from <see cref="FirstPage"/> to <paramref name="end"/>.</summary>
    public static byte[] MakeUnpaced(uint end) => Image(Writer(end, null));

    private static byte[] Image(byte[] code)
    {
        var end = Entry + (uint)code.Length;
        uint[] header = [Magic, HasAddresses, unchecked(0 - (Magic + HasAddresses)), Address, Address, end, end, Entry];
        return [.. header.SelectMany(Bytes), .. code];
    }

    private static byte[] Writer(uint endOfPages, uint? ticks)
    {
        byte[] loop =
        [
            0xFF, 0x07, // inc dword [edi]
            0x81, 0xC7, .. Bytes(PageBytes), // add edi, page
            0x81, 0xFF, .. Bytes(endOfPages), // cmp edi, end
            0x72, 0x05, // jb over the next
            0xBF, .. Bytes(FirstPage), // mov edi, first
            .. ticks is { } pace ? Wait(pace) : [],
        ];
        return QemuUserMode.Enter([0xBF, .. Bytes(FirstPage), 0x0F, 0x31, 0x89, 0xC6, .. loop, 0xEB, (byte)-(loop.Length + 2)]); // mov edi, first; rdtsc; mov esi, eax
    }

    private static byte[] Wait(uint ticks) =>
    [
        0x81, 0xC6, .. Bytes(ticks), // add esi, ticks
        0x0F, 0x31, 0x29, 0xF0, 0x78, 0xFA, // rdtsc; sub eax, esi; js to the rdtsc
    ];

    private static uint TicksPerPage(int mebibytes)
    {
        var line = File.ReadLines("/proc/cpuinfo").First(each => each.StartsWith("cpu MHz", StringComparison.Ordinal));
        var hertz = double.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture) * 1e6;
        return (uint)(hertz * PageBytes / ((double)mebibytes * (1 << 20)));
    }

    /// <summary>As the processor reads it.</summary>
    internal static byte[] Bytes(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
