using DataPlane.Core.Memory;

namespace DataPlane.Tools.Predict.Memory;

/// <summary>Which pages a pattern writes alike, and how often: as the synthetic guests do it.</summary>
internal static class PagePatterns
{
    private const double HotShare = 0.9;
    private const double ZipfExponent = 0.99;
    private const int ZipfClasses = 16;

    public static IReadOnlyList<PageClass> Of(PredictGuest guest, VirtualMemory memory)
    {
        var part = (double)memory.PageCount / guest.Vcpus;
        var rate = guest.DirtyBytesPerSecond / PageGeometry.PageSize / guest.Vcpus;
        switch (guest.Pattern)
        {
            case PredictPattern.Uniform:
                return [new RandomPages(Spread(memory, 1), Stripes(memory), rate / part, bursts: false)];
            case PredictPattern.Sequential:
                return [new SweptPages(Spread(memory, 1), Stripes(memory), memory.SegmentPages, part, guest.Vcpus, rate)];
            case PredictPattern.Zipf:
                return Zipf(memory, part, rate);
            default:
                var hot = Math.Clamp((double)guest.WorkingSetBytes / PageGeometry.PageSize / guest.Vcpus, 1, part);
                var bursts = guest.Pattern == PredictPattern.Burst;
                var hotPages = Hot(memory, part, hot, guest.Vcpus);
                double[] cold = [.. hotPages.Select((pages, segment) => Math.Max(0, memory.PagesIn(segment) - pages))];
                return
                [
                    new RandomPages(hotPages, [.. hotPages.Select(pages => pages / PageGeometry.PagesPerStripe)], rate * ((HotShare / hot) + ((1 - HotShare) / part)), bursts),
                    new RandomPages(cold, Stripes(memory), rate * (1 - HotShare) / part, bursts),
                ];
        }
    }

    /// <summary>Ranks in classes, each some times as large as the one before; the integral stands for the sum, as in the guests' table.</summary>
    private static List<PageClass> Zipf(VirtualMemory memory, double part, double rate)
    {
        var power = 1 - ZipfExponent;
        var whole = Math.Pow(part + 1, power) - 1;
        var classes = new List<PageClass>();
        double first = 0;
        for (var i = 1; i <= ZipfClasses && first < part; i++)
        {
            var end = i == ZipfClasses ? part : Math.Max(first + 1, Math.Pow(part + 1, (double)i / ZipfClasses) - 1);
            end = Math.Min(end, part);
            var writes = (Math.Pow(end + 1, power) - Math.Pow(first + 1, power)) / whole * rate;
            classes.Add(new RandomPages(Spread(memory, (end - first) / part), Stripes(memory), writes / (end - first), bursts: false));
            first = end;
        }
        return classes;
    }

    private static double[] Spread(VirtualMemory memory, double share) => [.. Enumerable.Range(0, memory.SegmentCount).Select(segment => memory.PagesIn(segment) * share)];

    private static double[] Stripes(VirtualMemory memory) =>
        [.. Enumerable.Range(0, memory.SegmentCount).Select(segment => Math.Ceiling((double)memory.PagesIn(segment) / PageGeometry.PagesPerStripe))];

    private static double[] Hot(VirtualMemory memory, double part, double hot, int vcpus)
    {
        var pages = new double[memory.SegmentCount];
        for (var segment = 0; segment < pages.Length; segment++)
        {
            double first = segment * memory.SegmentPages, end = first + memory.PagesIn(segment);
            for (var vcpu = 0; vcpu < vcpus; vcpu++)
                pages[segment] += Math.Max(0, Math.Min(end, (vcpu * part) + hot) - Math.Max(first, vcpu * part));
        }
        return pages;
    }
}
