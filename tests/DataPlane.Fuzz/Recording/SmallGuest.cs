using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Fuzz.Recording;

/// <summary>
/// The guest whose migration is recorded: little memory, and in it every kind of page and stripe; two devices. It writes once after it is
/// paused and once while its state is saved, so that the session has a final pass, a second one, and a fence between.
/// </summary>
internal sealed class SmallGuest : IDisposable
{
    /// <summary>A short block, one with a whole and a short stripe, one with a single page of data.</summary>
    public static readonly long[] Blocks = [3, 520, 40];

    private readonly GuardedMemory _memory = new(Blocks);

    public SmallGuest()
    {
        Dirty = new ExplicitDirtySource(Memory);
        var random = new Random(1);
        random.NextBytes(Page(0, 0));
        Text(Page(0, 2), 3);
        foreach (var page in (int[])[10, 11, 12, 40, 300]) Text(Page(1, page), page);
        random.NextBytes(Page(1, 100));
        Page(1, 513).Clear(); // Zeros that are present in the file, beside the holes.
        random.NextBytes(Page(2, 7));
        Host = new SmallHost(WriteWhenPaused, WriteWhileSaved);
    }

    public GuestMemory Memory => _memory.Memory;

    public ExplicitDirtySource Dirty { get; }

    public SmallHost Host { get; }

    /// <summary>A copy of all memory, block after block.</summary>
    public byte[][] Contents() => [.. Memory.Blocks.Select(block => Enumerable.Range(0, (int)block.PageCount).SelectMany(page => GuardedMemory.Page(block, page).ToArray()).ToArray())];

    public void Dispose()
    {
        Dirty.Dispose();
        _memory.Dispose();
    }

    private void WriteWhenPaused()
    {
        Text(Page(1, 11), 77);
        Mark(1, 11);
        Page(1, 12).Clear();
        Mark(1, 12);
    }

    private void WriteWhileSaved()
    {
        Text(Page(1, 11), 99);
        Mark(1, 11);
    }

    private Span<byte> Page(int block, int page) => GuardedMemory.Page(Memory.Blocks[block], page);

    private void Mark(int block, int page) => Dirty.Mark(Memory.Blocks[block], page << PageShift, PageSize);

    private static void Text(Span<byte> page, int number)
    {
        for (var i = 0; i < page.Length; i++) page[i] = (byte)('a' + (i * (number + 1) / 50 % 26));
    }
}
