using System.Runtime.InteropServices;

namespace DataPlane.Guests.Writing;

/// <summary>
/// One vCPU's orders and counters. A KVM guest has it in its RAM, where guest.c reads the fields up to <see cref="Count"/> under the same
/// names; a synthetic writer has it in its saved state. So what a guest does travels with it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WriterBlock
{
    public const ulong ExpectedMagic = 0x31_52_45_54_49_52_57_44; // "DWRITER1", little endian.

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

    /// <summary>Spreads the ranks of the zipf pattern over the pages; has no divisor in common with <see cref="Pages"/>.</summary>
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

    /// <summary>For the pace: this writer's share of the rate.</summary>
    public ulong BytesPerSecond;

    /// <summary>For the pace: length of a burst and the silence after it; 0: steady.</summary>
    public ulong BurstPeriodNanoseconds;

    public readonly bool IsValid => Magic == ExpectedMagic && Pages > 0;
}
