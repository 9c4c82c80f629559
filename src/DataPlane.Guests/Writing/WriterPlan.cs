using DataPlane.Guests.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Writing;

/// <summary>Divides the orders' work among the writers. All shares are alike; what does not divide is written by nobody.</summary>
internal sealed class WriterPlan
{
    /// <summary>The longest batch: 16 MiB of pages, 0.3 ms of a guest at full speed that writes words.</summary>
    public const long MaxBatch = 4096;

    private const ulong BurstPeriodNanoseconds = 1_000_000_000;

    /// <summary>
    /// Looks at the clock per second and vCPU: an exit costs some 30 us, so this is 1.5 % of a core; a batch is 2 ms of writes.
    /// </summary>
    private const long BatchesPerSecond = 500;

    private readonly DirtyOrders _orders;
    private readonly long _firstPage;
    private readonly long _pages;

    /// <summary>For memory of so many pages from <paramref name="firstPage"/> on, counted in RAM without the hole, among so many writers.</summary>
    public WriterPlan(DirtyOrders orders, long firstPage, long pages, int writers)
    {
        (_orders, _firstPage, _pages) = (orders, firstPage, pages / writers);
        var first = orders.Phases.Count > 0 ? orders.Phases[0] : new DirtyPhase(orders.Pattern, TimeSpan.Zero);
        Phases = [.. (orders.Phases.Count > 0 ? orders.Phases : [first]).Select(phase => Phase(phase, writers))];
        Blocks = [.. Enumerable.Range(0, writers).Select(Block)];
    }

    /// <summary>What each writer begins with.</summary>
    public WriterBlock[] Blocks { get; }

    /// <summary>The phases of each writer; one that lasts for ever where none were asked for.</summary>
    public WriterPhase[] Phases { get; }

    public static WriterBlock[] Make(GuestOptions options) => Of(options).Blocks;

    public static WriterPlan Of(GuestOptions options) => new(
        options.Orders, GuestLayout.FirstDataPage(options.Kind), GuestLayout.DataPages(options.Kind, options.MemoryBytes), options.Vcpus);

    /// <summary>Pages of a batch at this rate.</summary>
    public static ulong Batch(ulong bytesPerSecond, long most = MaxBatch) =>
        bytesPerSecond == 0 ? 0 : (ulong)Math.Clamp((long)(bytesPerSecond >> PageShift) / BatchesPerSecond, 1, most);

    private WriterBlock Block(int index)
    {
        var block = new WriterBlock
        {
            Magic = WriterBlock.ExpectedMagic,
            FirstPage = (ulong)(_firstPage + (index * _pages)),
            Pages = (ulong)_pages,
            HotShare = WriterBlock.DefaultHotShare,
            Scatter = Scatter((ulong)_pages),
            Quantiles = (ulong)GuestLayout.Quantiles,
            List = (ulong)(GuestLayout.WriterBlocks + (index * (long)WriterBlock.Room) + WriterBlock.ListAt),
            Write = (ulong)_orders.Write,
            Content = (ulong)_orders.Content,
            Random = SplitMix.Hash(_orders.Seed + (ulong)index) | 1, // The generator stands still at 0.
        };
        if (_orders.Replay is null) Phases[0].Apply(ref block);
        else (block.Pattern, block.HotPages) = ((ulong)DirtyPattern.Replay, 1); // Its first batch is empty: the list is filled when it asks for more.
        return block;
    }

    private WriterPhase Phase(DirtyPhase phase, int writers)
    {
        var all = phase.BytesPerSecond ?? _orders.BytesPerSecond;
        var rate = (ulong)(all == DirtyOrders.Unlimited ? all : all / writers);
        var burst = phase.Pattern == DirtyPattern.Burst;
        return new WriterPhase
        {
            Nanoseconds = (long)phase.Duration.TotalNanoseconds,
            Pattern = (ulong)phase.Pattern,
            HotPages = (ulong)Math.Clamp((_orders.WorkingSetBytes >> PageShift) / writers, 1, _pages),
            Drift = all is 0 or DirtyOrders.Unlimited ? 0 : Drift((double)_orders.DriftBytesPerSecond / all),
            Batch = Batch(burst && rate <= (ulong)(DirtyOrders.Unlimited / 2) ? 2 * rate : rate),
            BytesPerSecond = rate,
            BurstPeriodNanoseconds = burst ? BurstPeriodNanoseconds : 0,
        };
    }

    /// <summary>Pages that leave the hot set with a write to it, times 2^32; at most all but one.</summary>
    private ulong Drift(double pagesPerWrite)
    {
        // Only writes to the hot set move it, and writes to anywhere fall in between.
        var step = pagesPerWrite * 1024 / WriterBlock.DefaultHotShare * (1UL << 32);
        return (ulong)Math.Min(step, (_pages - 1) * (double)(1UL << 32));
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
