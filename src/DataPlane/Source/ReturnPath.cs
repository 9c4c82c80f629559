using DataPlane.Control.Bandwidth;
using DataPlane.Control.Forecast;
using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Sessions;
using DataPlane.Transport.Control;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>
/// Listens to the destination all the session long: acknowledgements go to the rings and the estimator, verdicts to whoever waits for
/// them, failures to the session. Callbacks record; the control loop decides.
/// </summary>
internal sealed class ReturnPath(
    ControlLink link, ChannelCrew crew, SessionFault fault, SessionClock clock, ClockSync clocks, BandwidthEstimator bandwidth,
    Func<string> step)
{
    private readonly TaskCompletionSource _ready = NewSignal();
    private readonly TaskCompletionSource<PreparedMessage> _prepared = NewSignal<PreparedMessage>();
    private readonly TaskCompletionSource<VerifiedMessage> _verified = NewSignal<VerifiedMessage>();
    private readonly TaskCompletionSource<RunningMessage> _running = NewSignal<RunningMessage>();
    private readonly TaskCompletionSource<MigrationError> _peerFailure = NewSignal<MigrationError>();
    private readonly TaskCompletionSource<CheckpointsMessage?> _checkpoints = NewSignal<CheckpointsMessage?>();
    private readonly object _fenceGate = new();
    private readonly RoundTrips _roundTrips = new();
    private TaskCompletionSource _fenced = NewSignal();
    private TaskCompletionSource? _pong;
    private uint _lastFence;
    private long _acknowledgedBytes;
    private long _lastAcknowledgement;
    private bool _underWay;

    /// <summary>Where the destination's words about the handover go; null: nowhere.</summary>
    public HandoverLine? Handover { get; init; }

    /// <summary>Called after each acknowledgement, every 10 ms; null: nobody wants to know.</summary>
    public Action? Acknowledged { get; init; }

    public Task Ready => _ready.Task;

    public Task<PreparedMessage> Prepared => _prepared.Task;

    public Task<VerifiedMessage> Verified => _verified.Task;

    public Task<RunningMessage> Running => _running.Task;

    /// <summary>Completes when the destination says that it has failed.</summary>
    public Task<MigrationError> PeerFailure => _peerFailure.Task;

    /// <summary>Number of a fence whose answer is due; 0 when none is.</summary>
    public uint FenceDue
    {
        get
        {
            lock (_fenceGate) return _fenced.Task.IsCompleted ? 0 : _lastFence;
        }
    }

    /// <summary>From a ping to its answer, with whatever both sides take to act on a message; and the fastest.</summary>
    public (Estimate OfLate, TimeSpan Fastest) RoundTrip
    {
        get
        {
            lock (_roundTrips) return (_roundTrips.Estimate, _roundTrips.Fastest);
        }
    }

    /// <summary>Last time at which an acknowledgement came, nanoseconds.</summary>
    public long LastAcknowledgement => Volatile.Read(ref _lastAcknowledgement);

    /// <summary>Wire bytes of all frames that the destination holds.</summary>
    public long AcknowledgedBytes => Volatile.Read(ref _acknowledgedBytes);

    /// <summary>When PREPARED was heard, nanoseconds.</summary>
    public long PreparedHeard { get; private set; }

    /// <summary>When RUNNING was heard, nanoseconds.</summary>
    public long RunningHeard { get; private set; }

    /// <summary>When CHECKPOINTS were heard, nanoseconds.</summary>
    public long CheckpointsHeard { get; private set; }

    /// <summary>
    /// Completes when the destination has told what it knows of a switchover that is called off, or that it has announced the guest, or the connection
    /// has ended.
    /// </summary>
    public Task<CheckpointsMessage?> Checkpoints => _checkpoints.Task;

    /// <summary>Completes when fence <paramref name="fence"/>, about to be sent, has been placed on every channel.</summary>
    public Task ExpectFence(uint fence)
    {
        lock (_fenceGate)
        {
            _lastFence = fence;
            _fenced = NewSignal();
            return _fenced.Task;
        }
    }

    /// <summary>Sends pings one after another, so that one of them meets no scheduling delay; each costs a round trip.</summary>
    public async Task SampleClocksAsync(int samples, CancellationToken cancel)
    {
        for (var i = 0; i < samples; i++)
        {
            var pong = NewSignal();
            Volatile.Write(ref _pong, pong);
            await link.SendAsync(new PingMessage(clock.Nanoseconds), cancel);
            await pong.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Reads until the connection ends. Never throws: what ends it is set as the session's fault.</summary>
    public async Task RunAsync()
    {
        Volatile.Write(ref _lastAcknowledgement, clock.Nanoseconds);
        try
        {
            while (true) await TakeAsync(await link.ReceiveAsync(CancellationToken.None));
        }
        catch (Exception ended)
        {
            Handover?.Lose(link);
            var error = Faults.From(ended, MigrationSide.Source, step());
            _ = _checkpoints.TrySetResult(null);
            _ = fault.TrySet(error);
            _ = _running.TrySetException(new MigrationException(error)); // After the guest was given away this is all that ends the wait.
        }
    }

    private async ValueTask TakeAsync(IControlMessage message)
    {
        switch (message)
        {
            case AcknowledgeMessage acknowledge:
                Acknowledge(acknowledge.Placed);
                break;
            case FencedMessage fenced:
                Acknowledge(fenced.Placed);
                Fenced(fenced.Fence);
                break;
            case PingMessage ping:
                await link.SendAsync(new PongMessage(ping.SentNanoseconds, clock.Nanoseconds), CancellationToken.None);
                break;
            case PongMessage pong:
                clocks.Add(pong.PingNanoseconds, pong.AnsweredNanoseconds, clock.Nanoseconds);
                lock (_roundTrips) _roundTrips.Add(TimeSpan.FromMicroseconds((clock.Nanoseconds - pong.PingNanoseconds) / 1e3));
                _ = Volatile.Read(ref _pong)?.TrySetResult();
                break;
            case ReadyMessage:
                _ = _ready.TrySetResult();
                break;
            case PreparedMessage prepared:
                PreparedHeard = clock.Nanoseconds;
                _ = _prepared.TrySetResult(prepared);
                break;
            case VerifiedMessage verified:
                _ = _verified.TrySetResult(verified);
                break;
            case CheckpointsMessage checkpoints:
                CheckpointsHeard = clock.Nanoseconds;
                _ = _checkpoints.TrySetResult(checkpoints);
                break;
            case RunningMessage running:
                RunningHeard = clock.Nanoseconds;
                _ = _running.TrySetResult(running);
                break;
            case HandoverMessage word:
                _ = Handover?.Hear(word);
                break;
            case FailedMessage failed:
                var error = Faults.FromPeer(failed, MigrationSide.Source);
                _ = _peerFailure.TrySetResult(error);
                _ = fault.TrySet(error); // After COMMIT it is a reason, and no outcome: the word about the guest follows, or the connection's end.
                break;
            default:
                throw Violation($"A message {message.Type.Name()} does not belong on the return path.");
        }
    }

    private void Acknowledge(ulong[] placed)
    {
        if (placed.Length != crew.Channels.Count)
            throw Violation($"Acknowledgements for {placed.Length} channels came; there are {crew.Channels.Count}.");
        long bytes = 0;
        var underWay = false;
        for (var i = 0; i < placed.Length; i++)
        {
            var ring = crew.Channels[i].Unacknowledged;
            if (!ring.Acknowledge(placed[i]))
                throw Violation($"Frame {placed[i]} of channel {i} was acknowledged; {ring.Added} were sent.");
            bytes += ring.AcknowledgedBytes;
            underWay |= ring.Added > ring.Acknowledged;
        }
        var now = clock.Nanoseconds;
        bandwidth.Add(
            bytes - _acknowledgedBytes, TimeSpan.FromMicroseconds((now - _lastAcknowledgement) / 1e3), _underWay, CrewActivity.Of(crew));
        Volatile.Write(ref _acknowledgedBytes, bytes);
        _underWay = underWay;
        Volatile.Write(ref _lastAcknowledgement, now);
        Acknowledged?.Invoke();
    }

    private void Fenced(uint fence)
    {
        lock (_fenceGate)
        {
            if (fence != _lastFence) throw Violation($"Fence {fence} was answered; {_lastFence} was the last sent.");
            _ = _fenced.TrySetResult();
        }
    }

    private MigrationException Violation(string message) =>
        new(new MigrationError(MigrationErrorCode.ProtocolViolation, MigrationSide.Source, step(), message));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> NewSignal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
