using System.Buffers;
using System.Diagnostics;
using DataPlane.Host;

namespace DataPlane.Peer;

/// <summary>A host without a guest that tells of the first step of a blackout, or of its last. Answers at once.</summary>
internal sealed class CountedHost(int stateBytes, Action? stops, Action? runs) : IMigrationHost, IGuestMoments
{
    /// <summary>Each step once, so that none of it is compiled later. As an interface: calls that are known are drawn into this method.</summary>
    public static async Task PlayAsync(IMigrationHost host)
    {
        _ = ((IGuestMoments)host).StoppedAt ?? ((IGuestMoments)host).ResumedAt;
        await host.PauseAsync(CancellationToken.None);
        await host.SaveAsync(host.Sections[0], new ArrayBufferWriter<byte>(), CancellationToken.None);
        await host.LoadAsync(host.Sections[0], default, null!, CancellationToken.None);
        await host.ReleaseAsync(CancellationToken.None);
        await host.AcquireAsync(CancellationToken.None);
        await host.ResumeAsync(CancellationToken.None);
        await host.AnnounceAsync(CancellationToken.None);
    }

    public IReadOnlyList<DeviceSection> Sections { get; } = [new("counted", 1, stateBytes)];

    public long? StoppedAt { get; private set; }

    public long? ResumedAt { get; private set; }

    public ValueTask PauseAsync(CancellationToken cancel)
    {
        stops?.Invoke();
        StoppedAt = Stopwatch.GetTimestamp();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResumeAsync(CancellationToken cancel)
    {
        ResumedAt = Stopwatch.GetTimestamp();
        runs?.Invoke();
        return ValueTask.CompletedTask;
    }

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        state.GetSpan(stateBytes)[..stateBytes].Fill(1);
        state.Advance(stateBytes);
        return ValueTask.CompletedTask;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask ReleaseAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AcquireAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AnnounceAsync(CancellationToken cancel) => ValueTask.CompletedTask;
}
