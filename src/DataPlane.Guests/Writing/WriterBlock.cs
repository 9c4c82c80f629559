using System.Runtime.InteropServices;

namespace DataPlane.Guests.Writing;

/// <summary>
/// One vCPU's orders and counters. A KVM guest has it in its RAM, where guest.c reads the fields up to <see cref="List"/> under
/// the same names; a synthetic writer has it in its saved state. So what a guest does travels with it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WriterBlock
{
    public const ulong ExpectedMagic = 0x32_52_45_54_49_52_57_44; // "DWRITER2", little endian.

    /// <summary>Bytes of a block and what lies behind it: a page.</summary>
    public const int Room = 4096;

    /// <summary>Where in that page the list of a batch begins.</summary>
    public const int ListAt = 1024;

    /// <summary>The most pages of a list.</summary>
    public const int ListLength = (Room - ListAt) / sizeof(uint);

    /// <summary>Hot-set writes of 1,024: nine of ten.</summary>
    public const ulong DefaultHotShare = 922;

    public ulong Magic;

    /// <summary>The writer's first page, counted in RAM without the hole.</summary>
    public ulong FirstPage;

    /// <summary>Pages that this writer, and no other, writes.</summary>
    public ulong Pages;

    /// <summary>A <see cref="DirtyPattern"/>.</summary>
    public ulong Pattern;

    public ulong HotPages;
    public ulong HotShare;

    /// <summary>
    /// Spreads the ranks of the zipf pattern over the pages; has no divisor in common with <see cref="Pages"/>.
    /// </summary>
    public ulong Scatter;

    /// <summary>Guest address of the zipf pattern's table.</summary>
    public ulong Quantiles;

    /// <summary>Writes between two looks at the clock. 0: the guest writes nothing.</summary>
    public ulong Batch;

    /// <summary>State of the generator; the running guest keeps its own in a register.</summary>
    public ulong Random;

    /// <summary>Next page of the sequential pattern; the running guest keeps its own in a register.</summary>
    public ulong Position;

    /// <summary>Writes done.</summary>
    public ulong Count;

    /// <summary>Of those, the ones that left their page as it was.</summary>
    public ulong Same;

    /// <summary>Where the hot set begins, in pages times 2^32.</summary>
    public ulong HotStart;

    /// <summary>By how much a write to the hot set moves it, in pages times 2^32.</summary>
    public ulong Drift;

    /// <summary>A <see cref="DirtyWrite"/>.</summary>
    public ulong Write;

    /// <summary>A <see cref="DirtyContent"/>.</summary>
    public ulong Content;

    /// <summary>Guest address of the pages of this batch, where they are listed, the last to be written first; a synthetic writer knows its own.</summary>
    public ulong List;

    /// <summary>For the pace: this writer's share of the rate.</summary>
    public ulong BytesPerSecond;

    /// <summary>For the pace: length of a burst and the silence after it; 0: steady.</summary>
    public ulong BurstPeriodNanoseconds;

    /// <summary>
    /// Whether orders that came from elsewhere keep the writer within RAM of <paramref name="ramPages"/> pages.
    /// </summary>
    public readonly bool Fits(ulong ramPages) =>
        IsValid && FirstPage <= ramPages && Pages <= ramPages - FirstPage && Pages <= uint.MaxValue && HotPages <= Pages && Position < Pages
        && HotStart < Pages << 32 && Drift < Pages << 32 && Batch <= WriterPlan.MaxBatch;

    public readonly bool IsValid => Magic == ExpectedMagic && Pages > 0;
}
