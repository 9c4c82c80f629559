using System.Diagnostics;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Vhost;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Kit;

/// <summary>
/// A vhost back end as a thread with mappings of its own, made from the descriptors alone as another process would: writes guest pages,
/// then sets their bits in the shared log.
/// </summary>
internal sealed unsafe class VhostWriter : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly GuestMemory _memory;
    private readonly VhostDirtyLog _log;
    private readonly nint[] _ownRam;
    private readonly nint _ownLog;
    private Thread? _thread;
    private volatile bool _pause;
    private ulong _random = 88172645463325252;
    private long _writes;

    public VhostWriter(GuestMemory memory, VhostDirtyLog log)
    {
        _memory = memory;
        _log = log;
        _ownRam = [.. memory.Blocks.Select(block => Map(block.Info.Fd, block.Info.Length, block.Info.FdOffset))];
        _ownLog = Map(log.Fd, log.Length, log.Offset);
    }

    /// <summary>Bytes per second.</summary>
    public required long Rate { get; init; }

    /// <summary>One page after the other, and not any.</summary>
    public bool Sequential { get; init; }

    /// <summary>The first page that is written, counted over all blocks.</summary>
    public long FirstPage { get; init; }

    /// <summary>The first of a page's 512 words that are written.</summary>
    public int FirstWord { get; init; }

    public void Resume()
    {
        _pause = false;
        _thread = new Thread(Run) { IsBackground = true, Name = "vhost-writer" };
        _thread.Start();
    }

    /// <summary>Returns when it writes no more.</summary>
    public void Pause()
    {
        _pause = true;
        _thread?.Join();
        _thread = null;
    }

    public void AwaitWrites(long writes)
    {
        var target = Volatile.Read(ref _writes) + writes;
        for (var watch = Stopwatch.StartNew(); Volatile.Read(ref _writes) < target; Thread.Sleep(1))
            if (watch.Elapsed > Bound) throw new TimeoutException($"The back end made {_writes} writes of {target} in {Bound}.");
    }

    public void Dispose()
    {
        Pause();
        foreach (var block in _memory.Blocks) _ = MemoryNative.Munmap(_ownRam[block.Index], (nuint)block.Info.Length);
        _ = MemoryNative.Munmap(_ownLog, (nuint)_log.Length);
    }

    private static nint Map(int fd, long length, long offset)
    {
        var address = MemoryNative.Mmap(0, (nuint)length, MemoryNative.ProtReadWrite, MemoryNative.MapShared, fd, offset);
        return address != -1 ? address : throw new InvalidOperationException("mmap failed.");
    }

    private void Run()
    {
        var batch = Math.Max(1, Rate / PageSize / 1000);
        while (!_pause)
        {
            for (long i = 0; i < batch && !_pause && Rate > 0; i++) Write();
            Thread.Sleep(1); // The pace: a thousandth of a second's writes, then about as long of nothing.
        }
    }

    private void Write()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        var pages = _memory.PageCount - FirstPage;
        var page = FirstPage + (Sequential ? _writes % pages : (long)(_random % (ulong)pages));
        var number = 0;
        while (page >= _memory.Blocks[number].PageCount) page -= _memory.Blocks[number++].PageCount;
        ((ulong*)(_ownRam[number] + (nint)(page << PageShift)))[FirstWord + (int)(_random % (ulong)(512 - FirstWord))] = _random;
        var guestPage = (long)(_memory.Blocks[number].Info.GuestAddress >> PageShift) + page;
        // The bit counted by bytes and by little-endian words is the same one.
        Interlocked.Or(ref ((int*)_ownLog)[guestPage / 32], 1 << (int)(guestPage % 32));
        Volatile.Write(ref _writes, _writes + 1);
    }
}
