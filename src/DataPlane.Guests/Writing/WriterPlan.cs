using DataPlane.Guests.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Writing;

/// <summary>Divides the options' work among the vCPUs. All shares are alike; what does not divide is written by nobody.</summary>
internal static class WriterPlan
{
    private const ulong BurstPeriodNanoseconds = 1_000_000_000;

    /// <summary>Looks at the clock per second and vCPU: an exit costs some 30 us, so this is 1.5 % of a core; a batch is 2 ms of writes.</summary>
    private const long BatchesPerSecond = 500;

    /// <summary>The longest batch: 16 MiB of pages, 0.3 ms of a guest at full speed.</summary>
    private const long MaxBatch = 4096;

    public static WriterBlock[] Make(GuestOptions options)
    {
        var pages = GuestLayout.DataPages(options.Kind, options.MemoryBytes) / options.Vcpus;
        var rate = options.DirtyBytesPerSecond / options.Vcpus;
        var burst = options.Pattern == DirtyPattern.Burst;
        var writers = new WriterBlock[options.Vcpus];
        for (var i = 0; i < writers.Length; i++)
        {
            writers[i] = new WriterBlock
            {
                Magic = WriterBlock.ExpectedMagic,
                FirstPage = (ulong)(GuestLayout.FirstDataPage(options.Kind) + (i * pages)),
                Pages = (ulong)pages,
                Pattern = (ulong)options.Pattern,
                HotPages = (ulong)Math.Clamp((options.WorkingSetBytes >> PageShift) / options.Vcpus, 1, pages),
                HotShare = WriterBlock.DefaultHotShare,
                Scatter = Scatter((ulong)pages),
                Quantiles = (ulong)GuestLayout.Quantiles,
                Batch = rate == 0 ? 0 : (ulong)Math.Clamp((burst ? 2 : 1) * (rate >> PageShift) / BatchesPerSecond, 1, MaxBatch),
                Random = SplitMix.Hash(options.Seed + (ulong)i) | 1, // The generator stands still at 0.
                BytesPerSecond = (ulong)rate,
                BurstPeriodNanoseconds = burst ? BurstPeriodNanoseconds : 0,
            };
        }
        return writers;
    }

    /// <summary>A step near the golden section of the pages that meets each page once.</summary>
    private static ulong Scatter(ulong pages)
    {
        var step = Math.Max(1, (ulong)(pages * 0.6180339887));
        while (Divisor(step, pages) != 1) step++;
        return step;
    }

    private static ulong Divisor(ulong a, ulong b) => b == 0 ? a : Divisor(b, a % b);
}
