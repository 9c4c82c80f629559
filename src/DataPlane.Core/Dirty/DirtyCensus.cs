using DataPlane.Core.Memory;

namespace DataPlane.Core.Dirty;

/// <summary>What a read of the dirty sources has found.</summary>
/// <param name="Pages">Marked now.</param>
/// <param name="Stripes">Stripes that have any marked.</param>
/// <param name="Added">Pages that became marked by it.</param>
/// <param name="ExposureTicks">For how long those had been clean, on average.</param>
internal readonly record struct DirtyCount(long Pages, int Stripes, long Added, double ExposureTicks);

/// <summary>
/// Counts marked pages stripe by stripe before and after a read of the dirty sources, and so tells the time over which new ones came up: a page
/// can become dirty anew since its stripe was re-protected, or since the read before where it was clean all along. The two walks over the
/// bitmap cost 1 us a GiB of guest each. For the control loop.
/// </summary>
internal sealed class DirtyCensus(GuestMemory memory, ClearTimes cleared)
{
    private readonly int[] _before = new int[memory.StripeCount];
    private long _lastRead;

    /// <summary>The passes begin at <paramref name="ticks"/>.</summary>
    public void Start(long ticks) => _lastRead = ticks;

    /// <summary>Before a read of the dirty sources.</summary>
    public void Before(DirtyBitmap bitmap)
    {
        for (var stripe = 0; stripe < _before.Length; stripe++) _before[stripe] = bitmap.Count(stripe);
    }

    /// <summary>After the read that began at <paramref name="ticks"/>. Channels that claim beside it make the count a little less, never more.</summary>
    public DirtyCount After(DirtyBitmap bitmap, long ticks)
    {
        long pages = 0, added = 0;
        var stripes = 0;
        double exposure = 0;
        for (var stripe = 0; stripe < _before.Length; stripe++)
        {
            var count = bitmap.Count(stripe);
            if (count == 0) continue;
            pages += count;
            stripes++;
            var news = count - _before[stripe];
            if (news <= 0) continue;
            added += news;
            exposure += (double)news * Math.Max(0, ticks - Math.Max(cleared.Of(stripe), _lastRead));
        }
        var elapsed = ticks - _lastRead;
        _lastRead = ticks;
        return new DirtyCount(pages, stripes, added, added > 0 ? exposure / added : elapsed);
    }
}
