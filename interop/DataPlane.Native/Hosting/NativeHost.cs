using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using DataPlane.Native.Memory;
using DataPlane.Native.Options;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Hosting;

/// <summary>
/// A VMM behind callbacks. Each step is called on the thread that the library is on, and blocks it until the callback returns: steps never overlap, so one
/// dp_step serves all of them. Owns that.
/// </summary>
internal unsafe class NativeHost : IMigrationHost, IGuestMoments, ISwitchoverDeadline, IDeviceStateDescriber, IDisposable
{
    private const int NotEntered = -1000; // DP_NOT_ENTERED
    private const uint MostSections = 65536;

    private readonly GuestRam _ram;
    private readonly DpHost _calls;
    private readonly object _owner;
    private readonly DeviceSection[] _sections;
    private DpStep* _step;
    private long _deadline;

    /// <summary>Copies <paramref name="calls"/> and its sections; every fault is told to <paramref name="read"/>. <paramref name="owner"/> is the migration.</summary>
    public NativeHost(DpHost calls, GuestRam ram, bool isSource, object owner, OptionReader read)
    {
        (_calls, _ram, _owner) = (calls, ram, owner);
        var sections = calls.SectionCount;
        if (sections > MostSections || (sections > 0 && calls.Sections == null))
        {
            read.Fault($"dp_host has {sections} sections{(calls.Sections == null ? " at NULL" : "")}; accepted: 0 to {MostSections}.");
            sections = 0;
        }
        List<string> missing = [];
        if (calls.Resume == null) missing.Add("resume");
        if (isSource && calls.Pause == null) missing.Add("pause");
        if (isSource && calls.SectionCount > 0 && calls.Save == null) missing.Add("save");
        if (!isSource && calls.SectionCount > 0 && calls.Load == null) missing.Add("load");
        if (missing.Count > 0) read.Fault($"dp_host lacks {string.Join(", ", missing)}.");
        _sections = new DeviceSection[sections];
        for (uint i = 0; i < sections; i++) _sections[i] = Section(StructCopy.ReadElement<DpSection>(calls.Sections, i, "dp_section"), i, read);
        foreach (var twin in _sections.GroupBy(section => section.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            read.Fault($"Device section '{twin.Key}' is there {twin.Count()} times; ids are unique.");
        _step = (DpStep*)NativeMemory.AllocZeroed((nuint)sizeof(DpStep));
        _step->StructSize = (uint)sizeof(DpStep);
    }

    /// <summary>Frees the step if the owner forgot to.</summary>
    ~NativeHost() => NativeMemory.Free(_step);

    public IReadOnlyList<DeviceSection> Sections => _sections;

    public long? StoppedAt { get; private set; }

    public long? ResumedAt { get; private set; }

    public bool CanThrottle => _calls.Throttle != null;

    public bool CanAnswerStalls => _calls.Stalled != null;

    public ValueTask PauseAsync(CancellationToken cancel)
    {
        StoppedAt = null;
        Run("pause", _calls.Pause, cancel);
        StoppedAt = Moment();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResumeAsync(CancellationToken cancel)
    {
        ResumedAt = null;
        Run("resume", _calls.Resume, cancel);
        ResumedAt = Moment();
        return ValueTask.CompletedTask;
    }

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        var stream = new StateStream(state);
        var handle = HandleTable.Add(stream);
        try
        {
            using var step = new Step(this, cancel);
            var result = _calls.Save(_calls.Opaque, _step, IndexOf(section), handle);
            if (stream.Fault is not null) throw stream.Fault;
            Check(result, "save");
        }
        finally
        {
            HandleTable.Remove(handle, HandleKind.Stream);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel)
    {
        _ram.SendMarksTo(new LoadMarks(_ram.Blocks, marks));
        try
        {
            using var pin = state.Pin();
            using var step = new Step(this, cancel);
            Check(_calls.Load(_calls.Opaque, _step, IndexOf(section), pin.Pointer, (ulong)state.Length), "load");
        }
        finally
        {
            _ram.SendMarksTo(null);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask ReleaseAsync(CancellationToken cancel)
    {
        Run("release", _calls.Release, cancel);
        return ValueTask.CompletedTask;
    }

    public ValueTask AcquireAsync(CancellationToken cancel)
    {
        Run("acquire", _calls.Acquire, cancel);
        return ValueTask.CompletedTask;
    }

    public ValueTask AnnounceAsync(CancellationToken cancel)
    {
        Run("announce", _calls.Announce, cancel);
        return ValueTask.CompletedTask;
    }

    public void OnDeadline(SwitchoverDeadline deadline)
    {
        _deadline = deadline.MonotonicNanoseconds;
        if (_calls.Deadline == null) return;
        using var scope = CallbackScope.Enter(_owner);
        _ = _calls.Deadline(_calls.Opaque, deadline.MonotonicNanoseconds, (long)deadline.Left.TotalMicroseconds);
    }

    public JsonNode? Describe(DeviceSection section, ReadOnlyMemory<byte> state)
    {
        if (_calls.Describe == null) return null;
        var json = new ArrayBufferWriter<byte>();
        var stream = new StateStream(json);
        var handle = HandleTable.Add(stream);
        try
        {
            using var pin = state.Pin();
            using var scope = CallbackScope.Enter(_owner);
            var result = _calls.Describe(_calls.Opaque, IndexOf(section), pin.Pointer, (ulong)state.Length, handle);
            if (result != 0) throw new HostCallbackException($"describe returned {result}.");
        }
        finally
        {
            HandleTable.Remove(handle, HandleKind.Stream);
        }
        return json.WrittenCount == 0 ? null : JsonNode.Parse(json.WrittenSpan);
    }

    /// <summary>What the VMM says of passes that stall: a DP_STALL_*.</summary>
    public int AskOnStall(DpStall* stall)
    {
        using var scope = CallbackScope.Enter(_owner);
        return _calls.Stalled(_calls.Opaque, stall);
    }

    public void Dispose()
    {
        NativeMemory.Free(_step);
        _step = null;
        GC.SuppressFinalize(this);
    }

    protected void Throttle(int percent, CancellationToken cancel)
    {
        using var step = new Step(this, cancel);
        Check(_calls.Throttle(_calls.Opaque, _step, percent), "throttle");
    }

    private static DeviceSection Section(DpSection section, uint index, OptionReader read)
    {
        // One without a name is told of once: not as the twin of another, too.
        var id = read.Needed(section.Id, $"The id of section {index}") ?? $"{index}";
        if (Encoding.UTF8.GetByteCount(id) is 0 or > 255) read.Fault($"The id '{id}' of section {index} is not 1 to 255 bytes long.");
        if (section.SaveTimeUs < 0 || section.LoadTimeUs < 0 || section.Size < 0) read.Fault($"Device section '{id}' declares a negative size or time.");
        return new DeviceSection(id, section.Version, section.Size, Microseconds.ToTime(section.SaveTimeUs), Microseconds.ToTime(section.LoadTimeUs));
    }

    private void Run(string name, delegate* unmanaged<void*, DpStep*, int> call, CancellationToken cancel)
    {
        if (call == null) return;
        using var step = new Step(this, cancel);
        Check(call(_calls.Opaque, _step), name);
    }

    private long? Moment() => _step->GuestMomentNs > 0 ? _step->GuestMomentNs : null;

    private uint IndexOf(DeviceSection section) => (uint)Array.IndexOf(_sections, section);

    private void Check(int result, string name)
    {
        if (result == 0) return;
        string? reason;
        try
        {
            reason = NativeText.Read(_step->Reason, "The reason");
        }
        catch (NativeException unreadable)
        {
            reason = unreadable.Message;
        }
        reason ??= $"{name} returned {result}.";
        throw result == NotEntered && name == "resume" ? new GuestNotEnteredException(reason) : new HostCallbackException(reason);
    }

    /// <summary>One call: the step is made ready for it, the thread marked, and a cancellation told while it runs.</summary>
    private readonly ref struct Step : IDisposable
    {
        private readonly CallbackScope _scope;
        private readonly CancellationTokenRegistration _told;

        public Step(NativeHost host, CancellationToken cancel)
        {
            var step = host._step;
            Volatile.Write(ref step->Cancelled, 0);
            (step->DeadlineNs, step->GuestMomentNs) = (host._deadline, 0);
            step->Reason = null;
            _scope = CallbackScope.Enter(host._owner);
            _told = cancel.UnsafeRegister(static at => Volatile.Write(ref ((DpStep*)(nint)at!)->Cancelled, 1), (nint)step);
        }

        public void Dispose()
        {
            _told.Dispose(); // Waits for one that is being told.
            _scope.Dispose();
        }
    }
}
