using System.Buffers;
using System.Text.Json.Nodes;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests.Devices;
using DataPlane.Guests.Memory;
using DataPlane.Guests.Writing;
using DataPlane.Host;

namespace DataPlane.Guests.Running;

/// <summary>
/// What all guests have in common: RAM, threads that are started and stopped together, state sections, the invariant.
/// </summary>
internal abstract unsafe class GuestHost : IGuest, IGuestThrottle, IDeviceStateDescriber, IGuestMoments
{
    private readonly OpaqueDevice _device;
    private readonly GuestThread[] _threads;
    private readonly bool[] _loaded;
    private readonly WriterSchedule[] _schedules;
    private bool _disposed;

    protected GuestHost(GuestOptions options, bool source)
    {
        Kind = options.Kind;
        GuestRehearsal.Once();
        Ram = new GuestRam(options, source);
        _device = new OpaqueDevice(options);
        _threads = new GuestThread[options.Vcpus];
        _loaded = new bool[options.Vcpus];
        Marks = new ExplicitDirtySource(Ram.Memory);
        _loaded.AsSpan().Fill(source);
        Plan = WriterPlan.Of(options);
        _schedules = [.. Plan.Blocks.Select(block => new WriterSchedule(
            Plan.Phases, options.Replay is { } trace ? new ReplayPages(trace, (long)block.FirstPage, (long)block.Pages) : null, TimeProvider.System))];
        if (source)
            MemoryFiller.Fill(Ram, GuestLayout.FirstDataPage(Kind), options.Fill, options.Seed);
        else if (options.Poison)
            MemoryFiller.Poison(Ram);
    }

    public GuestKind Kind { get; }

    public GuestMemory Memory => Ram.Memory;

    public bool IsRunning { get; private set; }

    public IReadOnlyList<DeviceSection> Sections { get; private set; } = [];

    public long WriteCount
    {
        get
        {
            if (_disposed) return 0;
            long count = 0;
            for (var i = 0; i < _threads.Length; i++)
                if (Volatile.Read(ref _loaded[i]) && Block(i) is var block && block->IsValid)
                    count += (long)Volatile.Read(ref block->Count);
            return count;
        }
    }

    // Loops, since both are asked for in the blackout: LINQ over nullable numbers is compiled when it is first run, in 1.2 ms.
    public long? StoppedAt
    {
        get
        {
            long? last = null;
            foreach (var thread in _threads)
                if (thread.LeftAt is { } left && !(last >= left)) last = left;
            return last;
        }
    }

    public long? ResumedAt
    {
        get
        {
            long? first = null;
            foreach (var thread in _threads)
                if (thread.EnteredAt is { } entered && !(first <= entered)) first = entered;
            return first;
        }
    }

    protected GuestRam Ram { get; }

    /// <summary>What the writers of a source begin with.</summary>
    protected WriterPlan Plan { get; }

    /// <summary>
    /// Writes that this process makes to guest memory. The guest's own for as long as it lives, whoever reads it.
    /// </summary>
    protected ExplicitDirtySource Marks { get; }

    public void Start() => Resume();

    public ValueTask PauseAsync(CancellationToken cancel)
    {
        Pause();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResumeAsync(CancellationToken cancel)
    {
        Resume();
        return ValueTask.CompletedTask;
    }

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        var index = IndexOf(section);
        if (IsRunning) throw new InvalidOperationException("A guest's state can be saved only while it is stopped.");
        if (index == _threads.Length) return _device.SaveAsync(state, cancel);
        SaveWriter(index, state);
        return ValueTask.CompletedTask;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel)
    {
        var index = IndexOf(section);
        if (IsRunning) throw new InvalidOperationException("State can be loaded only into a guest that does not run.");
        if (index == _threads.Length) return _device.LoadAsync(state, cancel);
        LoadWriter(index, state.Span);
        Volatile.Write(ref _loaded[index], true);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReleaseAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AcquireAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask AnnounceAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask ThrottleAsync(int percent, CancellationToken cancel)
    {
        for (var i = 0; i < _threads.Length; i++) _schedules[i].Pace.Throttle(percent);
        return ValueTask.CompletedTask;
    }

    public JsonNode? Describe(DeviceSection section, ReadOnlyMemory<byte> state)
    {
        var index = IndexOf(section);
        return index == _threads.Length ? OpaqueDevice.Describe(state.Span) : DescribeWriter(state.Span);
    }

    public abstract IDirtySource CreateDirtySource(string name);

    public InvariantReport CheckInvariant()
    {
        if (IsRunning) throw new InvalidOperationException("The in-guest invariant can be checked only while the guest is stopped.");
        var writers = new WriterBlock[_threads.Length];
        for (var i = 0; i < writers.Length; i++)
        {
            writers[i] = *Block(i);
            if (!_loaded[i] || !writers[i].IsValid)
                throw new InvalidOperationException($"There is no guest in this memory: vCPU {i} has no state.");
        }
        return InvariantCheck.Run(Ram, writers);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        IsRunning = false;
        foreach (var thread in _threads) thread?.Dispose();
        Close();
        Marks.Dispose();
        Ram.Dispose();
    }

    /// <summary>Called once by the guest's constructor, when everything else stands: makes its sections and threads.</summary>
    protected void Finish(string sectionPrefix, DeviceSection likeEach, Func<int, IGuestWork> work)
    {
        var sections = new List<DeviceSection>();
        for (var i = 0; i < _threads.Length; i++)
        {
            sections.Add(likeEach with { Id = $"{sectionPrefix}-{i}" });
            _threads[i] = new GuestThread($"{sectionPrefix}-{i}", work(i));
        }
        sections.Add(_device.Section);
        Sections = sections;
    }

    /// <summary>Where writer <paramref name="index"/> has its orders and counters.</summary>
    protected abstract WriterBlock* Block(int index);

    /// <summary>What writer <paramref name="index"/> does when.</summary>
    protected WriterSchedule Schedule(int index) => _schedules[index];

    protected abstract void SaveWriter(int index, IBufferWriter<byte> state);

    protected abstract void LoadWriter(int index, ReadOnlySpan<byte> state);

    /// <summary>What the state of a writer holds, for people.</summary>
    protected abstract JsonNode DescribeWriter(ReadOnlySpan<byte> state);

    /// <summary>Gives back what the guest holds besides RAM, marks and threads; the threads have ended.</summary>
    protected abstract void Close();

    private void Resume()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (var i = 0; i < _threads.Length; i++)
            if (!_loaded[i] || !Block(i)->IsValid)
                throw new InvalidOperationException($"The guest cannot run: no state has been loaded for vCPU {i}.");
        foreach (var thread in _threads) thread.RequestRun();
        foreach (var thread in _threads) thread.AwaitRunning();
        IsRunning = true;
    }

    /// <summary>
    /// All threads are told before any is waited for. That waits once, for some 50 us, and on the caller's thread: a task switch
    /// would cost as much again, inside the blackout.
    /// </summary>
    private void Pause()
    {
        foreach (var thread in _threads) thread.RequestPark();
        foreach (var thread in _threads) thread.AwaitParked();
        IsRunning = false;
        foreach (var thread in _threads) thread.ThrowIfFailed();
    }

    private int IndexOf(DeviceSection section)
    {
        for (var i = 0; i < Sections.Count; i++)
            if (Sections[i].Id == section.Id && Sections[i].Version == section.Version)
                return i;
        throw new ArgumentException($"This guest has no state section '{section.Id}' version {section.Version}.", nameof(section));
    }
}
