using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Vhost;
using DataPlane.Tests.Kit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>Memory that a vhost back end writes and nobody else, with its log.</summary>
internal sealed class VhostBackend : ITrackedGuest
{
    private const long LogOffset = 2 * PageSize;

    private readonly AllocatedMemory _ram;
    private readonly VhostDirtyLog _log;
    private readonly VhostWriter _writer;

    public VhostBackend(GuestOptions options)
    {
        _ram = AllocatedMemory.Create("vhost-guest-ram", options.MemoryBytes);
        // Guest addresses that share words of the log, and leave bits between them that belong to nobody.
        var low = options.MemoryBytes / 2 / PageSize * PageSize;
        Memory = new GuestMemory(
        [
            _ram.Block("low", 5 * PageSize, 0, low), _ram.Block("high", (ulong)((7 * PageSize) + low), low, options.MemoryBytes - low),
        ]);
        _log = new VhostDirtyLog(Memory, LogOffset);
        _writer = new VhostWriter(Memory, _log) { Rate = options.DirtyBytesPerSecond, Sequential = options.Pattern == DirtyPattern.Sequential };
    }

    public GuestMemory Memory { get; }

    public IDirtySource Source => _log;

    public void Resume() => _writer.Resume();

    public Task PauseAsync()
    {
        _writer.Pause();
        return Task.CompletedTask;
    }

    public void AwaitWrites(long writes) => _writer.AwaitWrites(writes);

    public void Dispose()
    {
        _writer.Dispose();
        _log.Dispose();
        _ram.Dispose();
    }
}
