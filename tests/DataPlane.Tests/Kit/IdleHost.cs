using System.Buffers;
using DataPlane.Host;

namespace DataPlane.Tests.Kit;

/// <summary>A host of memory that nothing runs in: every step succeeds and does nothing but save and load one byte per section.</summary>
internal sealed class IdleHost(params DeviceSection[] sections) : IMigrationHost
{
    public IReadOnlyList<DeviceSection> Sections { get; } = sections;

    public ValueTask PauseAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask ResumeAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        state.Write((ReadOnlySpan<byte>)[1]);
        return ValueTask.CompletedTask;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel) =>
        ValueTask.CompletedTask;

    public ValueTask ReleaseAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AcquireAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AnnounceAsync(CancellationToken cancel) => ValueTask.CompletedTask;
}
