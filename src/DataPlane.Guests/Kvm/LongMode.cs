using DataPlane.Guests.Memory;
using DataPlane.Guests.Writing;
using DataPlane.Linux.Kvm;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Kvm;

/// <summary>
/// Puts a vCPU straight into 64-bit user mode with all memory mapped to itself. User mode, because there are hosts where KVM runs
/// nothing else at native speed; on all others it is plain legal code too. Port output is allowed by the I/O privilege level.
/// </summary>
internal static unsafe class LongMode
{
    private const ulong Table = 0x27; // Present, writable, user, accessed.
    private const ulong LargePage = 0xE7; // The same, dirty, 2 MiB: the guest's own bits never change, so its tables stay clean.
    private const int EntriesPerTable = 512;
    private const ulong Cr0 = 0x8001_0033; // Paging, write protect, numeric error, extension type, monitor coprocessor, protection.
    private const ulong Cr4 = 0x620; // Physical address extension, SSE and its exceptions.
    private const ulong Efer = 0x500; // Long mode enabled and active.
    private const ulong Rflags = 0x3002; // I/O privilege level 3, and the bit that is always set.

    /// <summary>Writes page tables, code, orders and the pattern's table into the guest's first 2 MiB.</summary>
    public static void WriteSystemArea(GuestRam ram, WriterBlock[] writers)
    {
        var system = ram.Pages(0, GuestLayout.SystemBytes >> PageShift);
        new Span<byte>(system, (int)GuestLayout.SystemBytes).Clear();
        WritePageTables(system, ram.PageCount << PageShift);
        GuestImage.Code.CopyTo(new Span<byte>(system + GuestLayout.Code, GuestImage.Code.Length));
        ZipfTable.Make(writers[0].Pages).CopyTo(new Span<uint>(system + GuestLayout.Quantiles, ZipfTable.Entries));
        for (var i = 0; i < writers.Length; i++)
            *(WriterBlock*)(system + GuestLayout.WriterBlocks + (i << PageShift)) = writers[i];
    }

    /// <summary>Sets a fresh vCPU to the guest's first instruction.</summary>
    public static void Enter(KvmVcpu vcpu, int index)
    {
        var system = vcpu.GetSystemRegisters();
        system.Cs = Segment(0x1B, type: 11, longMode: 1);
        system.Ds = system.Es = system.Fs = system.Gs = system.Ss = Segment(0x23, type: 3, longMode: 0);
        system.Cr0 = Cr0;
        system.Cr3 = (ulong)GuestLayout.PageTables;
        system.Cr4 |= Cr4;
        system.Efer |= Efer;
        vcpu.SetSystemRegisters(system);
        vcpu.SetRegisters(new KvmRegisters
        {
            Rip = (ulong)GuestLayout.Code,
            Rflags = Rflags,
            Rdi = (ulong)(GuestLayout.WriterBlocks + (index << PageShift)),
            // As after a call: the compiler counts on a stack that is 8 bytes off a multiple of 16.
            Rsp = (ulong)(GuestLayout.Stacks + ((index + 1) << PageShift) - 8),
        });
    }

    private static KvmSegment Segment(ushort selector, byte type, byte longMode) => new()
    {
        Limit = uint.MaxValue,
        Selector = selector,
        Type = type,
        Present = 1,
        PrivilegeLevel = 3,
        CodeOrData = 1,
        Granularity = 1,
        Long = longMode,
        DefaultBig = (byte)(1 - longMode),
    };

    private static void WritePageTables(byte* system, long ramBytes)
    {
        const long top = GuestLayout.PageTables, middle = top + PageSize, low = middle + PageSize;
        *(ulong*)(system + top) = (ulong)middle | Table;
        var end = (long)GuestLayout.GuestAddress(ramBytes - 1) + 1;
        for (long gib = 0; gib << 30 < end; gib++)
        {
            var table = low + (gib << PageShift);
            ((ulong*)(system + middle))[gib] = (ulong)table | Table;
            for (long i = 0; i < EntriesPerTable; i++)
                ((ulong*)(system + table))[i] = (ulong)((gib << 30) + (i * StripeSize)) | LargePage;
        }
    }
}
