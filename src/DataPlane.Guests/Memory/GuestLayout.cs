using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Memory;

/// <summary>
/// Where things lie in guest RAM. RAM is counted in one line of pages without the hole; the hole from 3 to 4 GiB, where a PC has its devices,
/// only shifts the guest addresses behind it.
/// </summary>
internal static class GuestLayout
{
    public const long HoleStart = 3L << 30;
    public const long HoleEnd = 4L << 30;

    /// <summary>A KVM guest's first 2 MiB hold its own things, below; data starts behind them.</summary>
    public const long SystemBytes = 2L << 20;

    /// <summary>One page per vCPU: its <see cref="Writing.WriterBlock"/>.</summary>
    public const long WriterBlocks = 0x10000;

    /// <summary>One page per vCPU.</summary>
    public const long Stacks = 0x50000;

    /// <summary>The guest's code, at the address that guest.ld links it for.</summary>
    public const long Code = 0x90000;

    /// <summary>The table of the zipf pattern, for all vCPUs.</summary>
    public const long Quantiles = 0xA0000;

    /// <summary>Page tables: one page each of the two upper levels, then one per GiB of guest addresses.</summary>
    public const long PageTables = 0xB0000;

    public const long MinKvmBytes = 2 * SystemBytes;

    /// <summary>What the page tables in the system area can map: (2 MiB - 0xB0000 - 2 pages) / 4096 = 334 GiB, of which this is a round part.</summary>
    public const long MaxKvmBytes = 256L << 30;

    public static long FirstDataPage(GuestKind kind) => kind == GuestKind.Kvm ? SystemBytes >> PageShift : 0;

    public static long DataPages(GuestKind kind, long memoryBytes) => (memoryBytes >> PageShift) - FirstDataPage(kind);

    /// <summary>The guest address of byte <paramref name="offset"/> of RAM.</summary>
    public static ulong GuestAddress(long offset) => (ulong)(offset < HoleStart ? offset : offset + HoleEnd - HoleStart);
}
