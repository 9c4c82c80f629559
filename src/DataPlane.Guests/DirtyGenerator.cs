using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests.Memory;
using DataPlane.Guests.Running;
using DataPlane.Guests.Synthetic;
using DataPlane.Guests.Writing;

namespace DataPlane.Guests;

/// <summary>
/// Dirties memory that is yours in a known way, by threads of its own, as a synthetic guest does with its memory: for whoever tests a way to migrate it. The memory stays the
/// caller's and must be mapped until this is disposed; of each page the first word counts its writes, so what was there is overwritten. One thread at a time, except for
/// <see cref="WriteCount"/>.
/// </summary>
public sealed unsafe class DirtyGenerator : IDisposable
{
    private readonly MemoryPages _pages;
    private readonly GuestThread[] _threads;
    private readonly List<SyntheticWriter> _writers = [];
    private readonly long _before;
    private byte* _blocks;

    /// <summary>
    /// Divides the memory's pages into equal shares, one for each of <paramref name="writers"/> threads, and reads each page's first word once. Throws <see cref="ArgumentException"/>
    /// with every fault of the orders.
    /// </summary>
    /// <param name="memory">What is written to.</param>
    /// <param name="marks">Gets each page after it was written; null where something else finds written pages.</param>
    /// <param name="orders">What is written, and how fast.</param>
    /// <param name="writers">Threads, 1 to 64.</param>
    public DirtyGenerator(GuestMemory memory, ExplicitDirtySource? marks, DirtyOrders orders, int writers = 1)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(orders);
        if (writers is < 1 or > GuestOptions.MaxVcpus || memory.PageCount < writers)
            throw new ArgumentOutOfRangeException(nameof(writers), writers, $"A memory of {memory.PageCount} pages is written by 1 to {Math.Min(GuestOptions.MaxVcpus, memory.PageCount)} threads.");
        var faults = orders.Validate(memory.ByteCount);
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(orders));
        _pages = new MemoryPages(memory);
        var plan = new WriterPlan(orders, 0, memory.PageCount, writers);
        _blocks = (byte*)NativeMemory.AllocZeroed((nuint)writers, WriterBlock.Room);
        _threads = new GuestThread[writers];
        for (var i = 0; i < writers; i++)
        {
            *Block(i) = plan.Blocks[i];
            var replay = orders.Replay is { } trace ? new ReplayPages(trace, (long)plan.Blocks[i].FirstPage, (long)plan.Blocks[i].Pages) : null;
            var writer = new SyntheticWriter(_pages, marks, Block(i), new WriterSchedule(plan.Phases, replay, TimeProvider.System));
            _writers.Add(writer);
            _threads[i] = new GuestThread($"dirty-{i}", writer);
        }
        _before = CounterSum();
    }

    /// <summary>Page writes done so far. 0 once it is disposed.</summary>
    public long WriteCount
    {
        get
        {
            long count = 0;
            for (var i = 0; _blocks != null && i < _threads.Length; i++) count += (long)Volatile.Read(ref Block(i)->Count);
            return count;
        }
    }

    /// <summary>Lets the threads write, from where they stopped.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_blocks == null, this);
        foreach (var thread in _threads) thread.RequestRun();
        foreach (var thread in _threads) thread.AwaitRunning();
    }

    /// <summary>Stops them: returns with every write made and marked.</summary>
    public void Stop()
    {
        foreach (var thread in _threads) thread.RequestPark();
        foreach (var thread in _threads) thread.AwaitParked();
        foreach (var thread in _threads) thread.ThrowIfFailed();
    }

    /// <summary>
    /// Compares the counters in the memory with the writers'. Only while it is stopped. To check a copy of the memory, compare the copy with it, or its counters with
    /// <see cref="InvariantReport.PageCounterSum"/>.
    /// </summary>
    public InvariantReport CheckInvariant()
    {
        ObjectDisposedException.ThrowIf(_blocks == null, this);
        long count = 0, same = 0;
        for (var i = 0; i < _threads.Length; i++)
        {
            count += (long)Block(i)->Count;
            same += (long)Block(i)->Same;
        }
        var sum = CounterSum() - _before;
        return new InvariantReport(sum == count - same, sum, count, _threads.Length) { SameCount = same };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_blocks == null) return;
        foreach (var thread in _threads) thread.Dispose();
        foreach (var writer in _writers) writer.Dispose();
        NativeMemory.Free(_blocks);
        _blocks = null;
    }

    private WriterBlock* Block(int index) => (WriterBlock*)(_blocks + (index * (long)WriterBlock.Room));

    /// <summary>Of the pages that are written, modulo 2^64: what was there before is anything.</summary>
    private long CounterSum()
    {
        ulong sum = 0;
        for (var i = 0; i < _threads.Length; i++)
            for (ulong page = 0; page < Block(i)->Pages; page++)
                sum += *(ulong*)_pages.Address((long)(Block(i)->FirstPage + page), out _, out _);
        return (long)sum;
    }
}
