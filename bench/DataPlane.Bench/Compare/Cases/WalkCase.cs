using DataPlane.Core.Memory;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>What the channels do between the passes of a guest as large as guests get: look through its bitmap.</summary>
internal static class WalkCase
{
    private const int GuestGiB = 1024;
    private const int SparseStripes = 1024;
    private const string Read = "reading the bitmap", Clean = "walk, clean", Sparse = "walk, a page in every 1024th stripe", Dense = "walk, every page";
    private const string SyncClean = "sync of an explicit source, clean", SyncSparse = "sync of an explicit source, a page in every 1024th stripe";

    public static CompareCase Make() => new(
        "walk",
        $"A guest of {GuestGiB} GiB, of which there are but addresses and the bitmap of 32 MiB, populated; GB of that bitmap, best of {BitmapWalks.Times} by one thread, the caches filled with the "
        + "memory named here before each; no socket, so no congestion control. A walk is a round of one channel that claims what is marked; the sync is what comes before a pass. Reading is "
        + "the same number of bytes put into one.")
    {
        // Several times the caches of a large processor.
        MostBytes = 512L << 20,
        Contenders = memory =>
        [
            Of(Read, memory, walks => walks.Read()),
            Of(Clean, memory, walks => walks.Walk(0, 0)),
            Of(Sparse, memory, walks => walks.Walk(SparseStripes, 1)),
            Of(Dense, memory, walks => walks.Walk(1, PageGeometry.PagesPerStripe)),
            Of(SyncClean, memory, walks => walks.Sync(0, 0)),
            Of(SyncSparse, memory, walks => walks.Sync(SparseStripes, 1)),
        ],
        Goals = [Slower(Clean), Slower(Sparse)],
    };

    private static Goal Slower(string walk) => new($"{walk}, of the time of reading the bitmap", 1.3, result => result.Ratio(Read, walk)) { IsAtMost = true };

    private static Contender Of(string name, GuestFiles memory, Func<BitmapWalks, double> bytesPerSecond) => new(name, () =>
    {
        using var walks = new BitmapWalks(GuestGiB, memory);
        return Task.FromResult(new CompareSample(bytesPerSecond(walks)));
    })
    { IsChecked = false };
}
