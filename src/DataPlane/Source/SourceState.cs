using DataPlane.Control.Bandwidth;
using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Control.Timeline;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Transport.Control;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>What changes while a source migrates, shared by its steps. Written by the control loop; progress is read from any thread.</summary>
internal sealed class SourceState(GuestMemory memory, IDirtySource dirty, IMigrationHost host, MigrationOptions options, TimeProvider time)
{
    private volatile string _step = "connect";
    private volatile MigrationStatus _status = MigrationStatus.None;
    private volatile MigrationOptions _options = options;

    // Set once.
    public GuestMemory Memory { get; } = memory;
    public IDirtySource Dirty { get; } = dirty;
    public IMigrationHost Host { get; } = host;
    public SwitchoverCosts Costs { get; } = options.Costs.Steps;
    public SessionClock Clock { get; } = new(time);
    public SessionFault Fault { get; } = new();
    public ClockSync Clocks { get; } = new();
    public int Channels { get; private set; } = options.Channels ?? DefaultChannels.Count;
    public BandwidthEstimator Bandwidth { get; private set; } = new(options.Channels ?? DefaultChannels.Count);
    public DirtyBitmap Bitmap { get; } = new(memory);
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

    /// <summary>Which guest, and which attempt to move it: another attempt takes another <see cref="Ownership"/>.</summary>
    public Guid Image { get; } = Guid.NewGuid();
    public uint Attempt { get; set; } = 1;

    // Set when an attempt begins.
    public SourceOwnership? Ownership { get; set; }
    public IConnections? Connections { get; set; }

    // Set when the handshake is done.
    public SourceConnection? Connection { get; set; }
    public ChannelCrew? Crew { get; set; }
    public ReturnPath? Return { get; set; }
    public PassLog? Log { get; set; }
    public SourceForecast? Forecast { get; set; }

    // Changing, by the control loop.
    public MigrationStatus Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>What is being done, for errors.</summary>
    public string Step
    {
        get => _step;
        set => _step = value;
    }

    public long Started { get; set; }
    public long SetUp { get; set; }
    public int Syncs { get; set; }
    public uint Fence { get; set; }
    public PrecopyDecision? Decision { get; set; }
    public double? DirtyBytesPerSecond { get; set; }
    public long? AllocatedAtStart { get; set; }
    public long? AllocatedSteady { get; set; }
    public BlackoutTimes? Times { get; set; }
    public List<BlackoutStage> Stages { get; } = [];
    public VerifiedMessageCounts Verified { get; set; }
    public TimeSpan CpuAtStart { get; set; }
    public double? DestinationCpuSeconds { get; set; }
    public double? SwitchoverBytesPerSecond { get; set; }
    public int ThrottlePercent { get; set; }
    public FinalStretch? Final { get; set; }
    public IReadOnlyList<long?> Retransmits { get; set; } = [];
    public long Finished { get; set; }
    public MigrationError? UncertainError { get; set; }

    /// <summary>What went wrong on the way back, beside the fault that caused it; null when nothing did.</summary>
    public string? RollbackFault { get; set; }

    // What a rollback has to undo.
    public bool Tracking { get; set; }
    public bool Paused { get; set; }
    public bool Released { get; set; }

    public List<string> Warnings { get; } = [];

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
