using System.Buffers;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Compare.Peer;

/// <summary>A guest that does nothing, with 64 KiB of device state; or that has written some scattered pages just before it stood.</summary>
internal sealed unsafe class IdleHost(GuestMemory memory, ExplicitDirtySource dirty, long finalBytes) : IMigrationHost
{
    private const int StateBytes = 64 << 10;

    public IReadOnlyList<DeviceSection> Sections { get; } = [new DeviceSection("state", 1, StateBytes)];

    /// <summary>A VMM is compiled ahead; this is compiled at its first call, which is not to be in the blackout.</summary>
    public ValueTask RehearseAsync() => SaveAsync(Sections[0], new ArrayBufferWriter<byte>(StateBytes), CancellationToken.None);

    public ValueTask PauseAsync(CancellationToken cancel)
    {
        var pages = finalBytes >> PageShift;
        var block = memory.Blocks[0];
        for (long i = 0; i < pages; i++)
        {
            var page = i * block.PageCount / pages;
            ((byte*)block.Info.HostAddress)[(page << PageShift) + (i % PageSize)]++;
            dirty.Mark(block, page << PageShift, PageSize);
        }
        return default;
    }

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        state.GetSpan(StateBytes)[..StateBytes].Fill(0x5A);
        state.Advance(StateBytes);
        return default;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel) => default;

    public ValueTask ResumeAsync(CancellationToken cancel) => default;

    public ValueTask ReleaseAsync(CancellationToken cancel) => default;

    public ValueTask AcquireAsync(CancellationToken cancel) => default;

    public ValueTask AnnounceAsync(CancellationToken cancel) => default;
}
