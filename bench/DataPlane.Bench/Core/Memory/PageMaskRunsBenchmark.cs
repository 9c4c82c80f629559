using BenchmarkDotNet.Attributes;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Core.Memory;

/// <summary>The runs of one stripe, which become the pieces of one sendmsg; the baseline walks bit by bit.</summary>
public class PageMaskRunsBenchmark
{
    private readonly ulong[] _mask = new ulong[WordsPerStripe];

    [Params("full", "random", "alternating", "one-page")]
    public string Pages { get; set; } = "full";

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (var word = 0; word < WordsPerStripe; word++)
        {
            _mask[word] = Pages switch
            {
                "full" => ulong.MaxValue,
                "random" => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
                "alternating" => 0x5555_5555_5555_5555,
                _ => word == 5 ? 1UL << 17 : 0,
            };
        }
        Answer.Check(BitByBit(), NextRun());
        Answer.Check(PageMask.Count(_mask), NextRun() >> 16);
    }

    [Benchmark(Baseline = true)]
    public int BitByBit()
    {
        var (runs, pages, inRun) = (0, 0, false);
        for (var page = 0; page < PagesPerStripe; page++)
        {
            var set = (_mask[page >> 6] >> (page & 63) & 1) != 0;
            if (set && !inRun) runs++;
            if (set) pages++;
            inRun = set;
        }
        return (pages << 16) | runs;
    }

    [Benchmark]
    public int NextRun()
    {
        var (runs, pages) = (0, 0);
        for (var from = 0; PageMask.NextRun(_mask, from, out var start, out var count); from = start + count)
        {
            runs++;
            pages += count;
        }
        return (pages << 16) | runs;
    }
}
