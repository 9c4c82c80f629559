using DataPlane.Control.Bandwidth;
using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Control.Timeline;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Rehearsing;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;
using DataPlane.Transport.Control;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>What changes while a source migrates, shared by its steps. Written by the control loop; progress is read from any thread.</summary>
internal sealed class SourceState(
    GuestMemory memory, IDirtySource dirty, IMigrationHost host, MigrationOptions options, TimeProvider time, SourceState? before = null)
{
    private volatile string _step = "connect";
    private SessionTelemetry? _telemetry;
    private volatile MigrationOptions _options = options;

    // Set once.
    public GuestMemory Memory { get; } = memory;
    public IDirtySource Dirty { get; } = dirty;
    public IMigrationHost Host { get; } = host;
    public SwitchoverCosts Costs { get; } = options.Costs.Steps;
    public SessionClock Clock { get; } = new(time);
    public SessionFault Fault { get; } = new();
    public StatusMachine Moves { get; } = new(MigrationSide.Source);
    public PreSwitchoverGate Gate { get; } = new();
    public ClockSync Clocks { get; } = new();
    public int Channels { get; private set; } = before?.Channels ?? options.Channels ?? DefaultChannels.Count;
    public BandwidthEstimator Bandwidth { get; private set; } = new(before?.Channels ?? options.Channels ?? DefaultChannels.Count);
    public DirtyBitmap Bitmap { get; } = before?.Bitmap ?? new DirtyBitmap(memory);

    /// <summary>The guest: the same id in every attempt, of which each has a number of its own.</summary>
    public Guid Image { get; } = before?.Image ?? Guid.NewGuid();
    public uint Attempt { get; } = before is null ? 1 : before.Turned ? before.Attempt : before.Attempt + 1;

    /// <summary>What the attempts before left of <see cref="MigrationOptions.Retries"/>.</summary>
    public int RetriesLeft { get; set; } = before?.RetriesLeft ?? options.Retries;
    public SessionLog Words { get; } = new(options.Log);
    public HostCalls Calls { get; } = new(MigrationSide.Source, new SessionLog(options.Log), time);

    /// <summary>The host's sections as they were at the start, which is what the sides agree on, and where each is saved to.</summary>
    public IReadOnlyList<(DeviceSection Declared, SectionBuffer Saved)> Sections { get; } =
        [.. host.Sections.Select(section => (section, new SectionBuffer(section.Id, section.Size)))];

    /// <summary>As they are now: some may be changed while it runs.</summary>
    public MigrationOptions Options
    {
        get => _options;
        set => _options = value;
    }

    // Set when the attempt begins.
    public SourceOwnership? Ownership { get; set; }
    public IConnections? Connections { get; set; }

    // Set when the handshake is done.
    public SourceConnection? Connection { get; set; }
    public ChannelCrew? Crew { get; set; }
    public ReturnPath? Return { get; set; }
    public PassLog? Log { get; set; }
    public SourceForecast? Forecast { get; set; }
    public ProgressSamples? Samples { get; set; }

    /// <summary>Completes when this process has been through a blackout: before that no guest is stopped.</summary>
    public Task Rehearsed { get; set; } = Task.CompletedTask;

    // Changing, by the control loop.
    public MigrationStatus Status
    {
        get => Moves.Current;
        set
        {
            Moves.Move(value);
            Telemetry.StatusChanged(value);
        }
    }

    public SessionTelemetry Telemetry => _telemetry ??= new SessionTelemetry(MigrationSide.Source, Clock, Blackout, Host is RehearsalHost);

    /// <summary>What is being done, for errors.</summary>
    public string Step
    {
        get => _step;
        set => _step = value;
    }

    /// <summary>When this attempt began, and when the first of the migration did.</summary>
    public long Started { get; set; }
    public long Began { get; set; } = before?.Began ?? 0;
    public long SetUp { get; set; }
    public int Syncs { get; set; }
    public uint Fence { get; set; }
    public PrecopyDecision? Decision { get; set; }
    public double? DirtyBytesPerSecond { get; set; }
    public long? AllocatedAtStart { get; set; }
    public long? AllocatedSteady { get; set; }
    public BlackoutTimes Blackout { get; } = new(host.Sections.Count);
    public VerifiedMessageCounts Verified { get; set; }
    public TimeSpan CpuAtStart { get; set; }
    public double? DestinationCpuSeconds { get; set; }
    public double? SwitchoverBytesPerSecond { get; set; }
    public int ThrottlePercent { get; set; }
    public FinalStretch? Final { get; set; }
    public SwitchoverWatch? Watch { get; set; }
    public IReadOnlyList<long?> Retransmits { get; set; } = [];
    public long Finished { get; set; }
    public MigrationError? UncertainError { get; set; }

    /// <summary>What went wrong on the way back, beside the fault that caused it; null when nothing did.</summary>
    public string? RollbackFault { get; set; }

    // What a rollback has to undo.
    public bool Tracking { get; set; } = before?.Tracking ?? false;
    public bool Paused { get; set; }
    public bool Released { get; set; }

    public List<string> Warnings { get; } = [];

    /// <summary>
    /// The same guest in another attempt: what is not on the destination stays marked, and tracking goes on. When everything of this one has ended.
    /// </summary>
    public SourceState Next() => new(Memory, Dirty, Host, Options, Clock.Time, this);

    /// <summary>
    /// Whether this attempt, which has failed, may be followed by another: one is left (a connection that did not come about was none), the guest
    /// runs, and trying again may help. Asked when the way back has been gone.
    /// </summary>
    public bool MayRetry => (RetriesLeft > 0 || (IsRetry && !Met)) && RollbackFault is null && UncertainError is null && Fault.Error is { } error
        && (Met ? RetryPolicy.IsWorthwhile(error.Code) : IsRetry && RetryPolicy.IsWaitedOut(error.Code));

    /// <summary>Whether a destination has taken this attempt on.</summary>
    public bool Met => Connection is not null;

    /// <summary>The last attempt before this one of which a destination may have acknowledged pages; without one, any that says that it holds something is wrong.</summary>
    public uint LastReady { get; } = before is null ? 1 : before.SetUp > 0 ? before.Attempt : before.LastReady;

    /// <summary>Whether there was an attempt before.</summary>
    public bool IsRetry { get; } = before is not null;

    /// <summary>The destination was not there, or has said no, and nothing is recorded: the number of this attempt is free.</summary>
    private bool Turned => !Met && Ownership is not { IsRecorded: true } && Fault.Error?.Code is MigrationErrorCode.CannotConnect or MigrationErrorCode.Refused;

    /// <summary>Before the start: as many channels as connections were handed in for.</summary>
    public void UseChannels(int channels) => (Channels, Bandwidth) = (channels, new BandwidthEstimator(channels));

    public ControlLink Link => Connection!.Link;

    /// <summary>Keeps a warning for the result. By the control loop.</summary>
    public void Warn(string? warning)
    {
        if (warning is not null) Warnings.Add(warning);
    }

    public TimeSpan Since(long nanoseconds) => TimeSpan.FromMicroseconds((Clock.Nanoseconds - nanoseconds) / 1e3);
}

/// <summary>Outcome of the comparison.</summary>
internal readonly record struct VerifiedMessageCounts(long Pages, long Mismatched);
