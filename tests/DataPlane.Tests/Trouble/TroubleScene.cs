using System.Diagnostics;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// Plays one case: a guest that runs and writes, a relay that knows the protocol between two sides in this process, trouble at the
/// case's moment; then looks at both results, both guests and both memories, and migrates again.
/// </summary>
internal sealed class TroubleScene : IAsyncDisposable
{
    // Ends a case that hangs; no case waits for it.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly TroubleCase _case;
    private readonly GuestOptions _guest;
    private readonly TaskCompletionSource _sessionsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _sourceEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancelSource = new();
    private readonly LogLines _log = new();
    private int _struck;
    private long _struckAt;
    private long _resumedAt;
    private TimeSpan _stalls;

    public TroubleScene(TroubleCase @case)
    {
        _case = @case;
        _guest = new GuestOptions
        {
            Kind = @case.Kind,
            MemoryBytes = 8 << 20,
            WorkingSetBytes = 2 << 20,
            DirtyBytesPerSecond = 100 << 20,
            Fill = MemoryFill.Random,
            DeviceStateBytes = 16 << 10,
            Seed = (ulong)@case.Number,
        };
        Source = Guest.CreateSource(_guest);
        Destination = Guest.CreateDestination(_guest with { Poison = true });
        Pair = new MigrationPair(Source, Destination);
        // All that is dirty after a pass fits; but where a pass is to last, nothing fits.
        var patient = @case.When.Name.Contains("pass", StringComparison.Ordinal);
        Pair.SourceOptions = Pair.SourceOptions with
        {
            DowntimeLimit = TimeSpan.FromMilliseconds(patient ? 1 : 200),
            Timeout = TimeSpan.FromSeconds(@case.Holds ? 30 : 1),
            Log = _log.Add,
        };
        Pair.DestinationOptions = Pair.DestinationOptions with { Log = _log.Add, HandoverTimeout = TimeSpan.FromSeconds(10) };
        Relay = new WireRelay(Pair.Listener.Address);
    }

    /// <summary>The case's.</summary>
    public Bound Bound => _case.Bound;

    public IGuest Source { get; }

    public IGuest Destination { get; }

    public MigrationPair Pair { get; }

    public WireRelay Relay { get; }

    /// <summary>Cancels the source from now on.</summary>
    public void CancelSource() => _cancelSource.Cancel();

    /// <summary>For a host that changes its mind: what it says its sections are.</summary>
    public List<DeviceSection> Sections { get; } = [];

    /// <summary>Where the source connects to; null: to the relay.</summary>
    public MigrationAddress? Via { get; set; }

    /// <summary>The sides' clocks, for cases that use them.</summary>
    public JumpingTime SourceClock { get; } = new();

    public JumpingTime DestinationClock { get; } = new();

    /// <summary>How long the side that had to end took for it, from the trouble on.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The source's result.</summary>
    public MigrationResult Sent { get; private set; } = null!;

    /// <summary>The source's result at the second try, where that went to the same destination; else null.</summary>
    public MigrationResult? Again { get; private set; }

    /// <summary>The destination's result.</summary>
    public MigrationResult Received { get; private set; } = null!;

    /// <summary>Completes when the source has its result.</summary>
    public Task SourceEnded => _sourceEnded.Task;

    /// <summary>Completes when either side has logged something with <paramref name="words"/> in it.</summary>
    public Task LoggedAsync(string words) => _log.SaysAsync(words);

    /// <summary>Completes when both sessions have ended.</summary>
    public Task SessionsEnded => _sessionsEnded.Task;

    /// <summary>Plays <paramref name="case"/>; how long the side that had to end took for it, from the trouble on.</summary>
    public static async Task<TimeSpan> PlayAsync(TroubleCase @case)
    {
        await using var scene = new TroubleScene(@case);
        await scene.PlayAsync();
        return scene.Took;
    }

    private async Task PlayAsync()
    {
        _case.Arrange(this);
        Arm();
        Source.Start();
        await RunAsync();
        if (_struck == 0) throw new MomentMissedException($"{Sent.Error?.ToString() ?? "the guest moved"}");
        var aftermath = new Aftermath(_case, this);
        aftermath.Check();
        _case.AndThen(this);
        if (_case.Ends.Code == MigrationErrorCode.Timeout) Assert.True(Sent.TotalTime >= Trouble.Bound.Idle.TotalMilliseconds * 0.9, $"It gave up on the peer after {Sent.TotalTime} ms.");
        BoundCheck.AssertKept(_case.Bound, Took, _resumedAt == 0 || _case.BoundIsDestinations ? null : Stopwatch.GetElapsedTime(_struckAt, _resumedAt), _stalls);
        await new SecondTry(this, _guest).RunAsync(aftermath.Guest);
    }

    /// <summary>Strikes now: the bound counts from here. For cases whose moment is no unit and no step.</summary>
    public async ValueTask<Fate> StrikeAsync(WireUnit unit)
    {
        if (Interlocked.Exchange(ref _struck, 1) != 0) return Fate.Passes;
        _struckAt = Stopwatch.GetTimestamp();
        return await _case.Strike(this, unit);
    }

    public async ValueTask DisposeAsync()
    {
        _ = _sessionsEnded.TrySetResult();
        await Relay.DisposeAsync();
        Pair.Dispose();
        Source.Dispose();
        Destination.Dispose();
        _cancelSource.Dispose();
    }

    private async Task RunAsync()
    {
        using var stalls = new StallMeter();
        var (_, ended) = Pair.StartDestination();
        if (_case.AtStart) _struckAt = Stopwatch.GetTimestamp();
        var sending = Pair.StartSource(Via ?? Relay.Address, cancel: _cancelSource.Token);
        if (_case.AtStart) _ = await StrikeAsync(default);
        var asked = _case.BoundIsDestinations ? ended : sending;
        var timed = asked.ContinueWith(
            _ => Stopwatch.GetElapsedTime(_struckAt), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Sent = await sending.WaitAsync(Hang);
        _ = _sourceEnded.TrySetResult();
        if (_struck == 0) Pair.EndDestination(); // It may never have met the source.
        else if (_case.Ends.Destination is null) await ComeAgainAsync(ended);
        Received = await ended.WaitAsync(Hang);
        Took = await timed;
        _stalls = stalls.Longest;
        _ = _sessionsEnded.TrySetResult();
    }

    /// <summary>
    /// A destination that goes on waiting takes the next source that comes: the same guest, in another migration. Until it has noticed that the
    /// first is gone it says that it is busy.
    /// </summary>
    private async Task ComeAgainAsync(Task ended)
    {
        var watch = Stopwatch.StartNew();
        var patient = new MigrationOptions(); // It has another peer to deal with than the first, and nothing to find out about it.
        Pair.SourceOptions = Pair.SourceOptions with { HandshakeTimeout = patient.HandshakeTimeout, IdleTimeout = patient.IdleTimeout, HandoverTimeout = patient.HandoverTimeout };
        do
        {
            Assert.False(ended.IsCompleted, "The destination did not go on waiting.");
            Assert.True(watch.Elapsed < Trouble.Bound.Idle + BoundCheck.Slack + BoundCheck.Slack, "The destination stays busy with a source that is gone.");
            Again = await Pair.StartSource();
        }
        while (Again.Error?.Code == MigrationErrorCode.Refused);
        if (Again.Error is not null) Pair.EndDestination(); // What went wrong is told by its result.
    }

    private void Arm()
    {
        var when = _case.When;
        var stopped = false;
        if (when.AfterPause || when.BeforePause) Pair.SourceHost.After("pause", () => stopped = true);
        Pair.SourceHost.After("resume", () => _resumedAt = Stopwatch.GetTimestamp());
        // The guest writes once more after the fence, so that there are final pages.
        if (when.SourceCall != "pause") Pair.SourceHost.Before("pause", () => GuestProgress.Await(Source, 20));
        Pair.DestinationHost.After("acquire", () => Assert.Empty(MemoryComparer.Differences(Source.Memory, Destination.Memory)));
        if (when.Unit is { } matches && !when.Within) Relay.BeforeUnit = async unit => Matches(unit) ? await StrikeAtUnitAsync(unit) : Fate.Passes;
        if (when.Within) Relay.WithinFrame = async unit => { if (Matches(unit)) _ = await StrikeAtUnitAsync(unit); };
        if (when.SourceCall is { } call) Pair.SourceHost.Before(call, StrikeInCallAsync);
        if (when.DestinationCall is { } there) Pair.DestinationHost.Before(there, StrikeInCallAsync);
        if (when == Moment.Connecting && !_case.AtStart) Relay.OnConnect = async _ => await StrikeAsync(default);

        bool Matches(WireUnit unit) => Volatile.Read(ref _struck) == 0 && when.Unit!(unit) && (stopped ? !when.BeforePause : !when.AfterPause);
    }

    private async ValueTask<Fate> StrikeAtUnitAsync(WireUnit unit)
    {
        var fate = await StrikeAsync(unit);
        if (_case.Holds && fate == Fate.Passes && !unit.IsControl) await SessionsEnded;
        return fate;
    }

    private async Task StrikeInCallAsync(CancellationToken cancel)
    {
        _ = await StrikeAsync(default);
        if (_case.Holds && cancel.CanBeCanceled) await Task.Delay(Timeout.Infinite, cancel);
    }
}
