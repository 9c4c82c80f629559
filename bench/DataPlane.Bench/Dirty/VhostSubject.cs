using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Vhost;

namespace DataPlane.Bench.Dirty;

/// <summary>A back end of which only the marks are real: reading them does not look at the pages.</summary>
internal sealed unsafe class VhostSubject : DirtySubject
{
    private readonly AllocatedMemory _ram = AllocatedMemory.Create("bench-ram", MemoryBytes);
    private readonly VhostDirtyLog _log;
    private long _next;

    public VhostSubject()
    {
        Memory = new GuestMemory([_ram.Block("ram", 0)]);
        _log = new VhostDirtyLog(Memory);
    }

    public override GuestMemory Memory { get; }

    public override IDirtySource Source => _log;

    public override Task WriteAsync(long pages)
    {
        for (; pages > 0; pages--, _next++)
        {
            var page = _next % Memory.PageCount;
            ((byte*)_log.Address)[page / 8] |= (byte)(1 << (int)(page % 8));
        }
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        _log.Dispose();
        _ram.Dispose();
    }
}
