namespace DataPlane.Tools.Predict.Memory;

/// <summary>Pages that are written one after the other, round and round, by each vCPU in its part of memory.</summary>
/// <param name="pages">As in <see cref="PageClass"/>.</param>
/// <param name="stripes">As in <see cref="PageClass"/>.</param>
/// <param name="segmentPages">Pages in a segment.</param>
/// <param name="part">Pages of each vCPU.</param>
/// <param name="vcpus">How many there are.</param>
/// <param name="rate">Pages per second of each.</param>
internal sealed class SweptPages(double[] pages, double[] stripes, long segmentPages, double part, int vcpus, double rate) : PageClass(pages, stripes)
{
    public override double Written(int segment, double from, double to)
    {
        var all = Pages(segment);
        if (all <= 0 || to <= from || rate <= 0) return 0;
        if ((to - from) * rate >= part) return 1;
        var start = from * rate % part;
        var end = start + ((to - from) * rate);
        double first = segment * segmentPages, met = 0;
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            var own = vcpu * part;
            // The way may run over the end of the part and begin again at its front.
            met += Overlap(first, first + all, own + start, own + Math.Min(end, part)) + Overlap(first, first + all, own, own + end - part);
        }
        return Math.Min(1, met / all);
    }

    public override double MarkedStripes(int segment, double marked) =>
        Math.Min(Stripes(segment), marked <= 0 ? 0 : (marked / Core.Memory.PageGeometry.PagesPerStripe) + Math.Min(1, marked));

    private static double Overlap(double a, double b, double c, double d) => Math.Max(0, Math.Min(b, d) - Math.Max(a, c));
}
