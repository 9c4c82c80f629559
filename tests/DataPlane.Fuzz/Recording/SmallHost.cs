using System.Buffers;
using DataPlane.Host;

namespace DataPlane.Fuzz.Recording;

/// <summary>A host of memory that nothing runs in, with two devices whose state it makes up and keeps. Says when the guest would run.</summary>
internal sealed class SmallHost(Action? paused = null, Action? saved = null) : IMigrationHost
{
    private readonly TaskCompletionSource _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<DeviceSection> Sections { get; } = [new("nic", 1, 200), new("gpu", 2, 900)];

    /// <summary>What was loaded, by device.</summary>
    public Dictionary<string, byte[]> Loaded { get; } = [];

    /// <summary>Whether the guest runs here, by this side's knowledge.</summary>
    public bool Resumed { get; private set; }

    /// <summary>Completes when the guest runs here and everyone is told.</summary>
    public Task Announced => _announced.Task;

    /// <summary>The state of a device.</summary>
    public static byte[] StateOf(DeviceSection section) =>
        [.. Enumerable.Range(0, (int)section.Size - 50).Select(i => (byte)((i * 7) + section.Version))];

    /// <summary>Whether everything that was saved has been loaded, unchanged.</summary>
    public bool LoadedAll => Sections.All(section => Loaded.TryGetValue(section.Id, out var bytes) && bytes.AsSpan().SequenceEqual(StateOf(section)));

    public ValueTask PauseAsync(CancellationToken cancel)
    {
        paused?.Invoke();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResumeAsync(CancellationToken cancel)
    {
        Resumed = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        if (section == Sections[0]) saved?.Invoke();
        state.Write(StateOf(section));
        return ValueTask.CompletedTask;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel)
    {
        Loaded[section.Id] = state.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask ReleaseAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AcquireAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AnnounceAsync(CancellationToken cancel)
    {
        _ = _announced.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
