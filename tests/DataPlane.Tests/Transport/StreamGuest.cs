using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Transport;

/// <summary>A guest's memory on both sides, and what outlives one attempt to send it: marks, and what was received.</summary>
internal sealed class StreamGuest : IDisposable
{
    public StreamGuest(params long[] pageCounts)
    {
        Source = new GuardedMemory(pageCounts);
        Destination = new GuardedMemory(pageCounts);
        Bitmap = new DirtyBitmap(Source.Memory);
        Received = new DirtyBitmap(Destination.Memory);
        Dirty = new ExplicitDirtySource(Source.Memory);
    }

    public GuardedMemory Source { get; }

    public GuardedMemory Destination { get; }

    public DirtyBitmap Bitmap { get; }

    public DirtyBitmap Received { get; }

    public ExplicitDirtySource Dirty { get; }

    /// <summary>Gives the source stripes of every kind: holes, zeros, data, and all of them in long and in short runs.</summary>
    public void Fill(int seed)
    {
        var random = new Random(seed);
        foreach (var block in Source.Memory.Blocks)
            for (var stripe = 0; stripe < block.StripeCount; stripe++)
            {
                var kind = random.Next(6);
                for (var page = 0; page < block.PagesInStripe(stripe); page++)
                    FillPage(GuardedMemory.Page(block, ((long)stripe * PagesPerStripe) + page), kind, page, random);
            }
    }

    /// <summary>Gives every page of the source random contents.</summary>
    public void FillWithData(int seed)
    {
        var random = new Random(seed);
        foreach (var block in Source.Memory.Blocks)
            for (var page = 0L; page < block.PageCount; page++)
                random.NextBytes(GuardedMemory.Page(block, page));
    }

    /// <summary>Gives every page of the source, or every other one, text that shrinks to a small part.</summary>
    public void FillWithText(bool everyOther)
    {
        var text = "The quick brown fox jumps over the lazy dog. "u8;
        foreach (var block in Source.Memory.Blocks)
        {
            for (var page = 0L; page < block.PageCount; page += everyOther ? 2 : 1)
            {
                var bytes = GuardedMemory.Page(block, page);
                for (var i = 0; i < bytes.Length; i++) bytes[i] = text[(int)((i + (page * 7)) % text.Length)];
            }
        }
    }

    /// <summary>Pages that differ between the two sides.</summary>
    public List<(RamBlock Block, long Page)> Differences()
    {
        var found = new List<(RamBlock, long)>();
        foreach (var block in Source.Memory.Blocks)
        {
            var other = Destination.Memory.Blocks[block.Index];
            for (var page = 0L; page < block.PageCount; page++)
                if (!GuardedMemory.Page(block, page).SequenceEqual(GuardedMemory.Page(other, page))) found.Add((block, page));
        }
        return found;
    }

    public void Dispose()
    {
        Bitmap.Dispose();
        Received.Dispose();
        Dirty.Dispose();
        Source.Dispose();
        Destination.Dispose();
    }

    private static void FillPage(Span<byte> page, int kind, int number, Random random)
    {
        var data = kind switch { 0 => false, 1 => false, 2 => true, 3 => number % 2 == 0, 4 => number % 64 < 20, _ => random.Next(3) == 0 };
        if (data) random.NextBytes(page);
        else if (kind != 0) page.Clear(); // Writing zeros fills the file's hole; kind 0 leaves it.
    }
}
