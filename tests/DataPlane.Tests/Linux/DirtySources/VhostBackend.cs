using System.Diagnostics;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Vhost;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>
/// A vhost back end as a thread with mappings of its own, made from the descriptors alone as another process would: writes guest pages,
/// then sets their bits in the shared log.
/// </summary>
internal sealed unsafe class VhostBackend : ITrackedGuest
{
    private const long LogOffset = 2 * PageSize;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly AllocatedMemory _ram;
    private readonly VhostDirtyLog _log;
    private readonly nint _ownRam;
    private readonly nint _ownLog;
    private readonly GuestOptions _options;
    private Thread? _thread;
    private volatile bool _pause;
    private ulong _random = 88172645463325252;
    private long _writes;

    public VhostBackend(GuestOptions options)
    {
        _options = options;
        _ram = AllocatedMemory.Create("vhost-guest-ram", options.MemoryBytes);
        // Guest addresses that share words of the log, and leave bits between them that belong to nobody.
        var low = options.MemoryBytes / 2 / PageSize * PageSize;
        Memory = new GuestMemory(
        [
            _ram.Block("low", 5 * PageSize, 0, low), _ram.Block("high", (ulong)((7 * PageSize) + low), low, options.MemoryBytes - low),
        ]);
        _log = new VhostDirtyLog(Memory, LogOffset);
        _ownRam = MemoryNative.Mmap(0, (nuint)_ram.Length, MemoryNative.ProtReadWrite, MemoryNative.MapShared, _ram.Fd, 0);
        _ownLog = MemoryNative.Mmap(0, (nuint)_log.Length, MemoryNative.ProtReadWrite, MemoryNative.MapShared, _log.Fd, _log.Offset);
        if (_ownRam == -1 || _ownLog == -1) throw new InvalidOperationException("mmap failed.");
    }

    public GuestMemory Memory { get; }

    public IDirtySource Source => _log;

    public void Resume()
    {
        _pause = false;
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public Task PauseAsync()
    {
        _pause = true;
        _thread?.Join();
        _thread = null;
        return Task.CompletedTask;
    }

    public void AwaitWrites(long writes)
    {
        var target = Volatile.Read(ref _writes) + writes;
        for (var watch = Stopwatch.StartNew(); Volatile.Read(ref _writes) < target; Thread.Sleep(1))
            if (watch.Elapsed > Bound) throw new TimeoutException($"The back end made {_writes} writes of {target} in {Bound}.");
    }

    public void Dispose()
    {
        PauseAsync().Wait();
        _ = MemoryNative.Munmap(_ownRam, (nuint)_ram.Length);
        _ = MemoryNative.Munmap(_ownLog, (nuint)_log.Length);
        _log.Dispose();
        _ram.Dispose();
    }

    private void Run()
    {
        var batch = Math.Max(1, _options.DirtyBytesPerSecond / PageSize / 1000);
        while (!_pause)
        {
            for (long i = 0; i < batch && !_pause && _options.DirtyBytesPerSecond > 0; i++) Write();
            Thread.Sleep(1); // The pace: a thousandth of a second's writes, then about as long of nothing.
        }
    }

    private void Write()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        var pages = _ram.Length >> PageShift;
        var page = _options.Pattern == DirtyPattern.Sequential ? _writes % pages : (long)(_random % (ulong)pages);
        ((ulong*)(_ownRam + (nint)(page << PageShift)))[_random % 512] = _random;
        var low = Memory.Blocks[0];
        var guestPage = page < low.PageCount ? page + 5 : page + 7;
        // The bit counted by bytes and by little-endian words is the same one.
        Interlocked.Or(ref ((int*)_ownLog)[guestPage / 32], 1 << (int)(guestPage % 32));
        Volatile.Write(ref _writes, _writes + 1);
    }
}
