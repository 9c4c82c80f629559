using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Linux.Memory;
using DataPlane.Options;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Kit;

/// <summary>
/// Memory of which pages are discarded, as a balloon leaves it: those are holes of a memory file that nobody is told of, so whoever reads one fills it,
/// and it is seen. All other pages differ from each other; the destination is filled with something else. Not thread-safe.
/// </summary>
internal sealed unsafe class BalloonedGuest : IDisposable
{
    /// <summary>What every page of the destination holds before.</summary>
    public const byte Before = 0xDB;

    /// <summary>Six stripes, the last of them short.</summary>
    public const int Pages = (5 * PagesPerStripe) + 100;

    private const long Bytes = (long)Pages * PageSize;

    private readonly AllocatedMemory _from = AllocatedMemory.Create("source", Bytes);
    private readonly AllocatedMemory _to = AllocatedMemory.Create("destination", Bytes);
    private readonly ulong _blocksAtStart;

    /// <param name="discarded">Which pages.</param>
    /// <param name="dirty">Finds what is written beside the marks; null: nothing does.</param>
    /// <param name="beforeSync">Called before each read of the dirty sources, the first with 1.</param>
    public BalloonedGuest(Func<int, bool> discarded, Func<GuestMemory, IDirtySource>? dirty = null, Action<BalloonedGuest, int>? beforeSync = null)
    {
        Map = new DiscardMap(Pages);
        for (var page = 0; page < Pages; page++)
        {
            if (discarded(page)) Map.Discard(page, 1);
            else Write(page, (byte)(1 + (page % 200)));
        }
        new Span<byte>((void*)_to.Address, (int)Bytes).Fill(Before);
        Memory = new GuestMemory([_from.Block("ram", 0) with { Fd = -1, FdOffset = 0, Discarded = Map }]);
        Marks = new ExplicitDirtySource(Memory);
        _blocksAtStart = FileBlocks;
        Source = new HookedHost(new IdleHost(new DeviceSection("dev", 1, 1)));
        IDirtySource found = dirty is null ? Marks : new CompositeDirtySource(dirty(Memory), Marks);
        if (beforeSync is not null) found = new HookedDirtySource(found, sync => beforeSync(this, sync));
        Pair = new MigrationPair(Memory, found, Source, new GuestMemory([_to.Block("ram", 0)]), new HookedHost(new IdleHost(new DeviceSection("dev", 1, 1))));
        // A pass ends in its time, whatever it brings; the guest is stopped after some.
        Pair.SourceOptions = Pair.SourceOptions with { AvailSwitchoverBytesPerSecond = null, DowntimeLimit = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMinutes(1) };
    }

    public DiscardMap Map { get; }

    public GuestMemory Memory { get; }

    public ExplicitDirtySource Marks { get; }

    public HookedHost Source { get; }

    public MigrationPair Pair { get; }

    /// <summary>Whether every page that was a hole is one still: nobody has read it.</summary>
    public bool HolesAreHoles => FileBlocks == _blocksAtStart;

    private ulong FileBlocks => FileFacts.TryRead(_from.Fd, out var facts) ? facts.Blocks : throw new IOException("statx tells no blocks.");

    /// <summary>Writes a page of the guest, and tells nobody.</summary>
    public void Write(int page, byte value) => new Span<byte>((byte*)_from.Address + ((long)page << PageShift), PageSize).Fill(value);

    public void Mark(int page, int pages = 1) => Marks.Mark(Memory.Blocks[0], (long)page << PageShift, (long)pages << PageShift);

    /// <summary>The byte that every byte of the destination's page is.</summary>
    public byte Arrived(int page)
    {
        var bytes = new ReadOnlySpan<byte>((byte*)_to.Address + ((long)page << PageShift), PageSize);
        return !bytes.ContainsAnyExcept(bytes[0]) ? bytes[0] : throw new InvalidOperationException($"Page {page} is not whole.");
    }

    /// <summary>The source's page.</summary>
    public byte Held(int page) => *((byte*)_from.Address + ((long)page << PageShift));

    public void Dispose()
    {
        Pair.Dispose();
        Marks.Dispose();
        Map.Dispose();
        _from.Dispose();
        _to.Dispose();
    }
}
