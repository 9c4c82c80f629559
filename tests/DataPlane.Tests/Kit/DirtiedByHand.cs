using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Linux.Memory;
using DataPlane.Options;

namespace DataPlane.Tests.Kit;

/// <summary>
/// 64 MiB that nothing runs in: before each read of the dirty sources (the first is number 1) so many bytes are marked as the test says, which
/// makes passes stall, shrink or end whatever else the machine does. Nothing once the guest stands.
/// </summary>
internal sealed unsafe class DirtiedByHand : IDisposable
{
    public const long Bytes = 64 << 20;

    private readonly AllocatedMemory _from = AllocatedMemory.Create("source", Bytes);
    private readonly AllocatedMemory _to = AllocatedMemory.Create("destination", Bytes);
    private readonly ExplicitDirtySource _marks;
    private readonly RamBlock _marked;
    private bool _stands;

    /// <param name="bytesBeforeRead">As said above.</param>
    /// <param name="device">Null: a section of one byte.</param>
    /// <param name="fresh">Nothing but zeros at the source, and memory at the destination that nobody has touched.</param>
    public DirtiedByHand(Func<int, long> bytesBeforeRead, DeviceSection? device = null, bool fresh = false)
    {
        if (!fresh)
        {
            Fill(_from, 0x11);
            Fill(_to, 0xDB);
        }
        var memory = new GuestMemory([_from.Block("ram", 0)]);
        _marks = new ExplicitDirtySource(memory);
        _marked = memory.Blocks[0];
        var dirty = new HookedDirtySource(_marks, sync => Mark(memory, bytesBeforeRead(sync)));
        var section = device ?? new DeviceSection("dev", 1, 1);
        Source = new HookedHost(new IdleHost(section));
        Source.Before("pause", () => _stands = true);
        Destination = new HookedHost(new IdleHost(section));
        Pair = new MigrationPair(memory, dirty, Source, new GuestMemory([_to.Block("ram", 0)]), Destination);
        Pair.SourceOptions = Pair.SourceOptions with
        {
            AvailSwitchoverBytesPerSecond = null, DowntimeLimit = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMinutes(1), OnTimeout = TimeoutPolicy.Cancel,
        };
        if (fresh) Pair.DestinationOptions = Pair.DestinationOptions with { Memory = DestinationMemory.Fresh };
    }

    public HookedHost Source { get; }

    public HookedHost Destination { get; }

    public MigrationPair Pair { get; }

    /// <summary>Pages of the destination written by its host, which says so.</summary>
    public void WriteAtDestination(IMemoryMarks marks, long page, int pages)
    {
        new Span<byte>((byte*)_to.Address + (page << PageGeometry.PageShift), pages << PageGeometry.PageShift).Fill(0xEE);
        marks.Written(Pair.ToMemory.Blocks[0], page << PageGeometry.PageShift, pages << PageGeometry.PageShift);
    }

    /// <summary>Pages of the source written as its guest would.</summary>
    public void WriteAtSource(long page, int pages, byte value)
    {
        new Span<byte>((byte*)_from.Address + (page << PageGeometry.PageShift), pages << PageGeometry.PageShift).Fill(value);
        _marks.Mark(_marked, page << PageGeometry.PageShift, (long)pages << PageGeometry.PageShift);
    }

    public void Dispose()
    {
        Pair.Dispose();
        _marks.Dispose();
        _from.Dispose();
        _to.Dispose();
    }

    private void Mark(GuestMemory memory, long bytes)
    {
        if (bytes > 0 && !_stands) _marks.Mark(memory.Blocks[0], 0, bytes);
    }

    private static void Fill(AllocatedMemory memory, byte value) => new Span<byte>((void*)memory.Address, (int)Bytes).Fill(value);
}
