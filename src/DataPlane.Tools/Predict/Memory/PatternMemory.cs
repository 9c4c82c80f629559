namespace DataPlane.Tools.Predict.Memory;

/// <summary>
/// A memory whose guest writes by a pattern, in expected counts: pages of a class are all alike, so that of those that were clean since a moment the same part has been
/// written as of any others. The expectation is exact, as the steps from one to the next are linear.
/// </summary>
internal sealed class PatternMemory : VirtualMemory
{
    private readonly IReadOnlyList<PageClass> _classes;
    private readonly Cell[] _cells; // By segment, then by class.

    public PatternMemory(PredictGuest guest, double start)
        : base(guest, start)
    {
        _classes = PagePatterns.Of(guest, this);
        _cells = new Cell[SegmentCount * _classes.Count];
        var left = guest.RemainingBytes is { } remaining ? (double)remaining / guest.MemoryBytes : 1;
        for (var segment = 0; segment < SegmentCount; segment++)
            for (var i = 0; i < _classes.Count; i++)
            {
                ref var cell = ref Of(segment, i);
                cell.Clean = _classes[i].Pages(segment) * (1 - left);
                if (guest.RemainingBytes is null) cell.First = _classes[i].Pages(segment);
                else cell.Again = _classes[i].Pages(segment) * left;
            }
    }

    public override double Marked(int segment)
    {
        double marked = 0;
        for (var i = 0; i < _classes.Count; i++) marked += Of(segment, i).Marked;
        return marked;
    }

    protected override ClaimedPages Take(int segment, double guest)
    {
        double pages = 0, zero = 0, sparse = 0;
        var stripes = MarkedStripes(segment);
        for (var i = 0; i < _classes.Count; i++)
        {
            ref var cell = ref Of(segment, i);
            pages += cell.Marked;
            var untouched = cell.First * (1 - _classes[i].Written(segment, 0, guest));
            zero += untouched * Guest.ZeroShare;
            sparse += (cell.Marked - untouched) * Guest.ZeroShare;
            cell.Claimed += cell.Marked;
            (cell.First, cell.Again) = (0, 0);
        }
        return new ClaimedPages(pages, zero, sparse, Math.Min(stripes, Math.Max(pages, 1)));
    }

    protected override double Find(int segment, double guest)
    {
        double added = 0;
        for (var i = 0; i < _classes.Count; i++)
        {
            ref var cell = ref Of(segment, i);
            var since = Guest.RearmsWhenSent ? Math.Max(LastReadInGuest, ClearedInGuest(segment)) : LastReadInGuest;
            var fromClean = cell.Clean * _classes[i].Written(segment, LastReadInGuest, guest);
            var fromClaimed = cell.Claimed * _classes[i].Written(segment, since, guest);
            cell.Again += fromClean + fromClaimed;
            cell.Clean += cell.Claimed - fromClean - fromClaimed;
            cell.Claimed = 0;
            added += fromClean + fromClaimed;
        }
        return added;
    }

    protected override double MarkedStripes(int segment)
    {
        double all = 0, clean = 1;
        for (var i = 0; i < _classes.Count; i++) all = Math.Max(all, _classes[i].Stripes(segment));
        if (all <= 0) return 0;
        for (var i = 0; i < _classes.Count; i++) clean *= 1 - Math.Min(1, _classes[i].MarkedStripes(segment, Of(segment, i).Marked) / all);
        return all * (1 - clean);
    }

    private ref Cell Of(int segment, int index) => ref _cells[(segment * _classes.Count) + index];

    /// <summary>Expected pages of a class in a segment, by what they are.</summary>
    private struct Cell
    {
        /// <summary>Marked since the start.</summary>
        public double First;

        /// <summary>Marked, as they were written.</summary>
        public double Again;

        /// <summary>Taken since the last read.</summary>
        public double Claimed;

        /// <summary>Not marked at the last read.</summary>
        public double Clean;

        public readonly double Marked => First + Again;
    }
}
