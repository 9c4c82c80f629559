using static DataPlane.Bench.Qemu.QemuImage;

namespace DataPlane.Bench.Qemu;

/// <summary>
/// The way of a multiboot image from 32-bit protected mode to 64-bit user mode over all memory below 4 GiB, each page mapped where it is. Some hosts'
/// KVM runs nothing else by the processor itself.
/// </summary>
internal static class QemuUserMode
{
    // The upper two levels, then four tables of 2 MiB pages, a GiB each; the stack lies below.
    private const uint Tables = 0x11_0000, Second = Tables + 0x1000, Third = Tables + 0x2000;
    private const uint Mine = 7, MyHugePage = 0x87; // Present, writable, user's; and of 2 MiB.
    private const byte KernelCode = 0x08, UserData = 0x1B, UserCode = 0x23;

    private static readonly ulong[] _segments = [0, 0x0020_9A00_0000_0000, 0, 0x0000_F200_0000_0000, 0x0020_FA00_0000_0000];

    private static readonly int _stubBytes = Stub(0, 0, 0).Length;

    /// <summary>Code that begins at <see cref="Entry"/> and goes on in user mode with <paramref name="code"/>, which may lie anywhere.</summary>
    public static byte[] Enter(byte[] code)
    {
        var segments = Entry + (uint)_stubBytes;
        var pointer = segments + (uint)(_segments.Length * sizeof(ulong));
        var user = pointer + 6;
        return
        [
            .. Stub(pointer, Entry + LongMode, user),
            .. _segments.SelectMany(BitConverter.GetBytes),
            (byte)((_segments.Length * sizeof(ulong)) - 1), 0, .. Bytes(segments),
            .. code,
        ];
    }

    /// <summary>How far behind <see cref="Entry"/> 64-bit code begins.</summary>
    private const uint LongMode = 0x8E;

    private static byte[] Stub(uint segmentPointer, uint longMode, uint user) =>
    [
        0xFC, // cld
        0xBC, .. Bytes(Tables), 0xBF, .. Bytes(Tables), // mov esp, tables; mov edi, tables
        0x31, 0xC0, 0xB9, .. Bytes(0x800), 0xF3, 0xAB, // xor eax, eax; mov ecx, two tables' words; rep stosd
        0xC7, 0x05, .. Bytes(Tables), .. Bytes(Second | Mine), // mov dword [tables], second
        0xB8, .. Bytes(Third | Mine), 0xBB, .. Bytes(Second), 0xB9, .. Bytes(4), // mov eax, third; mov ebx, second; mov ecx, 4
        0x89, 0x03, 0x05, .. Bytes(0x1000), 0x83, 0xC3, 0x08, 0xE2, 0xF4, // mov [ebx], eax; add eax, table; add ebx, 8; loop to the mov
        0xB8, .. Bytes(MyHugePage), 0xB9, .. Bytes(0x800), // mov eax, huge page; mov ecx, 2048
        0x89, 0x07, 0xC7, 0x47, 0x04, .. Bytes(0), 0x83, 0xC7, 0x08, // mov [edi], eax; mov dword [edi + 4], 0; add edi, 8
        0x05, .. Bytes(0x20_0000), 0xE2, 0xED, // add eax, 2 MiB; loop to the mov
        0xB8, .. Bytes(Tables), 0x0F, 0x22, 0xD8, // mov cr3, tables
        0x0F, 0x20, 0xE0, 0x83, 0xC8, 0x20, 0x0F, 0x22, 0xE0, // cr4: physical address extension
        0xB9, .. Bytes(0xC000_0080), 0x0F, 0x32, 0x0D, .. Bytes(0x100), 0x0F, 0x30, // extended features: long mode
        0x0F, 0x20, 0xC0, 0x0D, .. Bytes(0x8000_0001), 0x0F, 0x22, 0xC0, // cr0: paging
        0x0F, 0x01, 0x15, .. Bytes(segmentPointer), // lgdt
        0xEA, .. Bytes(longMode), KernelCode, 0, // jmp far to the next
        0x6A, UserData, 0x68, .. Bytes(Tables), 0x6A, 0x02, 0x6A, UserCode, 0x68, .. Bytes(user), 0x48, 0xCF, // push ss, rsp, flags, cs, rip; iretq
    ];
}
