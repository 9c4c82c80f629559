using DataPlane.Control.Handover;
using DataPlane.Control.Timeline;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;
using DataPlane.Linux.Journal;
using DataPlane.Options;
using DataPlane.Rehearsing;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;
using DataPlane.Transport.Receiving;

namespace DataPlane.Destination;

/// <summary>What changes while a destination receives, shared by its steps. Progress is read from any thread.</summary>
internal sealed class DestinationState(
    GuestMemory memory, IMigrationHost host, MigrationDestinationOptions options, TimeProvider time, DestinationState? before = null)
{
    private volatile string _step = "listen";
    private SessionTelemetry? _telemetry;

    public GuestMemory Memory { get; } = memory;
    public IMigrationHost Host { get; } = host;
    public MigrationDestinationOptions Options { get; } = options;
    public SessionClock Clock { get; } = new(time);
    public SessionFault Fault { get; } = new();
    public StatusMachine Moves { get; } = new(MigrationSide.Destination);

    /// <summary>The host's sections as they were at the start: what the sides agree on is not asked for again.</summary>
    public IReadOnlyList<DeviceSection> Sections { get; } = [.. host.Sections];

    public SessionLog Words { get; } = new(options.Log);
    public HostCalls Calls { get; } = new(MigrationSide.Destination, new SessionLog(options.Log), time);

    /// <summary>Pages that hold something of the stream, of any attempt.</summary>
    public DirtyBitmap Received { get; } = before?.Received ?? new DirtyBitmap(memory);

    /// <summary>Pages that the host wrote while loading device state.</summary>
    public DirtyBitmap WrittenByHost { get; } = new(memory);

    /// <summary>Connections that were no part of this migration.</summary>
    public RefusalLog Refusals { get; } = before?.Refusals ?? new RefusalLog(time, new SessionLog(options.Log).Write);

    /// <summary>Those of the attempts before.</summary>
    public RefusedConnectionsReport? RefusedBefore { get; } = before?.Refusals.Report();

    /// <summary>What is here from the attempts before; null when nothing is.</summary>
    public KeptMemory? Kept { get; } = before is null ? null : KeptMemory.Of(before);

    /// <summary>Pages whose copy is not what was sent; null where no checksum travels with them.</summary>
    public SuspectPages? Suspects { get; set; }

    /// <summary>The source's hard limit, as it said it last.</summary>
    public DeadlineWatch Deadline { get; } = new();
    /// <summary>The handover's records; null where the options want none.</summary>
    public HandoverJournal? Journal { get; set; }

    /// <summary>Of the attempt that has begun; null before a source is accepted.</summary>
    public DestinationOwnership? Ownership { get; set; }

    public ReceivingCrew? Crew { get; set; }
    public HelloMessage? Hello { get; set; }

    public MigrationStatus Status
    {
        get => Moves.Current;
        set
        {
            Moves.Move(value);
            Telemetry.StatusChanged(value);
        }
    }

    public SessionTelemetry Telemetry => _telemetry ??= new SessionTelemetry(MigrationSide.Destination, Clock, Blackout, Host is RehearsalHost);

    /// <summary>What is being done, for errors.</summary>
    public string Step
    {
        get => _step;
        set => _step = value;
    }

    public long Started { get; set; }
    public long SetUp { get; set; }
    public long Finished { get; set; }
    public TimeSpan CpuAtStart { get; set; }
    public VerifyReport? Verified { get; set; }

    /// <summary>This side's part of the blackout.</summary>
    public BlackoutTimes Blackout { get; } = new(host.Sections.Count);

    /// <summary>In effect on the data channels; null on sockets that have none.</summary>
    public string? CongestionControl { get; set; }

    /// <summary>The host tells the network where the guest is, beside whatever follows; completes when it has returned. Never faults.</summary>
    public Task Announcing { get; set; } = Task.CompletedTask;

    /// <summary>What failed after the guest was taken over; null when nothing did.</summary>
    public MigrationError? UncertainError { get; set; }

    /// <summary>What the user should know though nothing failed. By the session, one step at a time.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>For another attempt, when nothing of this one writes memory any more.</summary>
    public DestinationState Next() => new(Memory, Host, Options, Clock.Time, this);

    /// <summary>Whether the source of this attempt, which has failed, is waited for: it said that it may try again, and trying again may help.</summary>
    public bool IsComingBack => Started > 0 && Hello is { MayRetry: true } && Options.Retain > TimeSpan.Zero
        && Ownership?.Phase is DestinationPhase.Dropped or DestinationPhase.Never // It never was the guest's host, and every page is as it came.
        && (UncertainError ?? Fault.Error) is { } error && RetryPolicy.IsWorthwhile(error.Code);

    public void Log(string line) => Words.Write(line);

    /// <summary>The source has done what the protocol forbids, in the present step.</summary>
    public MigrationException Violation(string message) =>
        new(new MigrationError(MigrationErrorCode.ProtocolViolation, MigrationSide.Destination, Step, message));

    public TimeSpan Since(long nanoseconds) => TimeSpan.FromMicroseconds((Clock.Nanoseconds - nanoseconds) / 1e3);
}
