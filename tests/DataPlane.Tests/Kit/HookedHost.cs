using System.Buffers;
using DataPlane.Host;

namespace DataPlane.Tests.Kit;

/// <summary>
/// A host that passes every step on to another, and lets a test act just before or just after one. Steps are called
/// <c>pause</c>, <c>save ID</c>, <c>release</c>, <c>load ID</c>, <c>acquire</c>, <c>resume</c>, <c>announce</c> and <c>throttle PERCENT</c>.
/// </summary>
internal sealed class HookedHost(IMigrationHost inner) : IMigrationHost, IGuestThrottle, ISwitchoverDeadline, IGuestMoments
{
    private readonly Dictionary<string, Func<CancellationToken, Task>> _before = [];
    private readonly Dictionary<string, Func<CancellationToken, Task>> _after = [];
    private readonly List<string> _steps = [];
    private int _inside;

    public IReadOnlyList<DeviceSection> Sections { get; init; } = inner.Sections;

    /// <summary>What takes the place of the other host's load; null: nothing.</summary>
    public Action<DeviceSection, ReadOnlyMemory<byte>, IMemoryMarks>? Loading { get; init; }

    /// <summary>What takes the place of the other host's save; null: nothing.</summary>
    public Action<DeviceSection, IBufferWriter<byte>>? Saving { get; init; }

    /// <summary>What takes the place of the other host's moments; null: nothing.</summary>
    public Func<long?>? Moment { get; init; }

    /// <summary>The steps in the order in which they were asked for.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (_steps) return [.. _steps];
        }
    }

    /// <summary>The deadlines that it was told.</summary>
    public List<SwitchoverDeadline> Deadlines { get; } = [];

    /// <summary>Whether a step was asked for while another was under way, which is never allowed.</summary>
    public bool Overlapped { get; private set; }

    /// <summary>Called when it is told one; null: nothing.</summary>
    public Action? Told { get; set; }

    public void OnDeadline(SwitchoverDeadline deadline)
    {
        Deadlines.Add(deadline);
        Told?.Invoke();
    }

    public long? StoppedAt => Moment is null ? (inner as IGuestMoments)?.StoppedAt : Moment();

    public long? ResumedAt => Moment is null ? (inner as IGuestMoments)?.ResumedAt : Moment();

    public void Before(string step, Action act) => _before[step] = Wrap(act);

    /// <summary>The hook gets the step's token.</summary>
    public void Before(string step, Func<CancellationToken, Task> act) => _before[step] = act;

    public void After(string step, Action act) => _after[step] = Wrap(act);

    public ValueTask PauseAsync(CancellationToken cancel) => RunAsync("pause", () => inner.PauseAsync(cancel), cancel);

    public ValueTask ResumeAsync(CancellationToken cancel) => RunAsync("resume", () => inner.ResumeAsync(cancel), cancel);

    public ValueTask ReleaseAsync(CancellationToken cancel) => RunAsync("release", () => inner.ReleaseAsync(cancel), cancel);

    public ValueTask AcquireAsync(CancellationToken cancel) => RunAsync("acquire", () => inner.AcquireAsync(cancel), cancel);

    public ValueTask AnnounceAsync(CancellationToken cancel) => RunAsync("announce", () => inner.AnnounceAsync(cancel), cancel);

    public ValueTask ThrottleAsync(int percent, CancellationToken cancel) => RunAsync(
        $"throttle {percent}", () => (inner as IGuestThrottle)?.ThrottleAsync(percent, cancel) ?? ValueTask.CompletedTask, cancel);

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel) =>
        RunAsync($"save {section.Id}", () =>
        {
            if (Saving is null) return inner.SaveAsync(section, state, cancel);
            Saving(section, state);
            return ValueTask.CompletedTask;
        }, cancel);

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel) =>
        RunAsync($"load {section.Id}", () =>
        {
            if (Loading is null) return inner.LoadAsync(section, state, marks, cancel);
            Loading(section, state, marks);
            return ValueTask.CompletedTask;
        }, cancel);

    private static Func<CancellationToken, Task> Wrap(Action act) => _ =>
    {
        act();
        return Task.CompletedTask;
    };

    private async ValueTask RunAsync(string step, Func<ValueTask> call, CancellationToken cancel)
    {
        lock (_steps) _steps.Add(step);
        if (Interlocked.Increment(ref _inside) > 1) Overlapped = true;
        try
        {
            if (_before.TryGetValue(step, out var before)) await before(cancel);
            await call();
            if (_after.TryGetValue(step, out var after)) await after(cancel);
        }
        finally
        {
            _ = Interlocked.Decrement(ref _inside);
        }
    }
}
