using System.Numerics;
using DataPlane.Core.Traces;

namespace DataPlane.Tools.Predict.Memory;

/// <summary>
/// A memory whose guest writes what a recorded one wrote, page by page, and begins anew at the end. Within a step nobody knows when a page was written: each is given a moment of
/// its own, the same in every run.
/// </summary>
internal sealed class TraceMemory : VirtualMemory
{
    private readonly DirtyTrace _trace;
    private readonly ulong[] _marked;
    private readonly ulong[] _claimed;
    private readonly ulong[] _written;
    private readonly double[] _added;
    private readonly long[] _counts;

    public TraceMemory(PredictGuest guest, double start)
        : base(guest, start)
    {
        _trace = guest.Trace!;
        var words = (PageCount + 63) / 64;
        (_marked, _claimed, _written) = (new ulong[words], new ulong[words], new ulong[words]);
        _added = new double[SegmentCount];
        _counts = new long[SegmentCount];
        var left = (guest.RemainingBytes ?? guest.MemoryBytes) >> Core.Memory.PageGeometry.PageShift;
        // What is left of a migration under way lies anywhere: every so many pages.
        for (long i = 0; i < left; i++)
            Mark(guest.RemainingBytes is null ? i : (long)((Int128)i * PageCount / left));
        if (guest.RemainingBytes is not null) _marked.CopyTo(_written, 0);
    }

    public override double Marked(int segment) => _counts[segment];

    protected override ClaimedPages Take(int segment, double guest)
    {
        var (from, to) = Words(segment);
        long pages = 0, written = 0;
        var stripes = MarkedStripes(segment);
        for (var word = from; word < to; word++)
        {
            pages += BitOperations.PopCount(_marked[word]);
            written += BitOperations.PopCount(_marked[word] & _written[word]);
            _claimed[word] |= _marked[word];
            _marked[word] = 0;
        }
        _counts[segment] = 0;
        return new ClaimedPages(pages, (pages - written) * Guest.ZeroShare, written * Guest.ZeroShare, stripes);
    }

    protected override void Begin(double guest)
    {
        Array.Clear(_added);
        var length = _trace.Duration.TotalSeconds;
        // After a whole round every page of the trace has been written; what comes before changes nothing.
        var from = Math.Max(LastReadInGuest, guest - length);
        for (var round = Math.Floor(from / length) * length; round < guest; round += length)
            Replay(from - round, guest - round, round);
        Array.Clear(_claimed);
    }

    protected override double Find(int segment, double guest) => _added[segment];

    protected override double MarkedStripes(int segment)
    {
        const int words = Core.Memory.PageGeometry.WordsPerStripe;
        if (_counts[segment] == 0) return 0;
        var (from, to) = Words(segment);
        var stripes = 0;
        for (var word = from; word < to; word += words)
            if (_marked.AsSpan(word, Math.Min(words, to - word)).ContainsAnyExcept(0UL)) stripes++;
        return stripes;
    }

    private void Replay(double from, double to, double round)
    {
        var steps = _trace.Steps;
        int low = 0, high = steps.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (steps[middle].End.TotalSeconds <= from) low = middle + 1;
            else high = middle;
        }
        for (var i = low; i < steps.Length; i++)
        {
            var start = i == 0 ? 0 : steps[i - 1].End.TotalSeconds;
            if (start >= to) return;
            var length = steps[i].End.TotalSeconds - start;
            foreach (var run in steps[i].Pages)
                for (var page = run.First; page < run.End; page++)
                    if (start + (length * Moment(page, i)) is var at && at > from && at <= to) Write(page, round + at);
        }
    }

    private void Write(long page, double guest)
    {
        Set(_written, page);
        var (word, bit) = ((int)(page >> 6), 1UL << (int)page);
        if ((_marked[word] & bit) != 0) return;
        var segment = (int)(page / SegmentPages);
        if (Guest.RearmsWhenSent && (_claimed[word] & bit) != 0 && guest <= ClearedInGuest(segment)) return; // It was sent after that.
        Mark(page);
        _added[segment]++;
    }

    private void Mark(long page)
    {
        Set(_marked, page);
        _counts[page / SegmentPages]++;
    }

    private (int From, int To) Words(int segment) => ((int)(segment * SegmentPages >> 6), (int)Math.Min(_marked.Length, (segment + 1) * SegmentPages >> 6));

    private static void Set(ulong[] bits, long page) => bits[page >> 6] |= 1UL << (int)page;

    /// <summary>Between 0 and 1; of the page and the step alone.</summary>
    private static double Moment(long page, int step)
    {
        var hash = (((ulong)page + 1) * 0x9E3779B97F4A7C15) ^ ((ulong)step * 0xD1B54A32D192ED03);
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return (((hash >> 11) & 0xF_FFFF_FFFF_FFFF) + 1) / (double)(1UL << 52);
    }
}
