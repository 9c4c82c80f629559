using DataPlane.Host;
using DataPlane.Linux.Host;

namespace DataPlane.Options;

/// <summary>What the destination is asked to do, and what it tells of its memory.</summary>
public sealed record MigrationDestinationOptions
{
    /// <summary>
    /// The state of the memory before the stream. Only <see cref="DestinationMemory.Fresh"/> changes what is done: zero pages need
    /// not be written there.
    /// </summary>
    public DestinationMemory Memory { get; init; } = DestinationMemory.Unmapped;

    /// <summary>Set up the page tables of all memory before the stream; counts as setup.</summary>
    public bool Populate { get; init; }

    /// <summary>Most data channels accepted. 64.</summary>
    public int MaxChannels { get; init; } = 64;

    /// <summary>Most bytes of device state accepted, over all sections. 256 MiB.</summary>
    public long MaxDeviceStateBytes { get; init; } = 256L << 20;

    /// <summary>Congestion control of accepted sockets: <c>auto</c> or a name.</summary>
    public string Congestion { get; init; } = "auto";

    /// <summary>
    /// CPUs that the threads of the channels run on: thread N on number N modulo their count. Empty: where the scheduler puts them.
    /// </summary>
    public IReadOnlyList<int> ChannelCores { get; init; } = [];

    /// <summary>What the names of those threads begin with, 1 to 7 visible characters of ASCII. <c>dp</c>.</summary>
    public string ThreadPrefix { get; init; } = ChannelThreads.DefaultPrefix;

    /// <summary>
    /// How long a source is waited for, its handshake included; one that does not come in time is the failure <c>timeout</c>. Null: as long as it takes, until
    /// the wait is cancelled.
    /// </summary>
    public TimeSpan? AcceptTimeout { get; init; }

    /// <summary>How long a peer may take for its part of the handshake. 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing may be heard before the source counts as gone. 10 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For how long what arrived is kept after an attempt that failed, where the source means to try again; meanwhile no other source is taken.
    /// Five minutes. Zero: not at all.
    /// </summary>
    public TimeSpan Retain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a destination that has said PREPARED, and has lost its source, waits for it to come back before it calls the outcome uncertain; and how
    /// long one whose guest runs answers a source that has not heard so. 30 s.
    /// </summary>
    public TimeSpan HandoverTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Folder of the handover's records; as <see cref="MigrationOptions.Journal"/>.</summary>
    public string? Journal { get; init; }

    /// <summary>Flush each record to the disk before it counts; as <see cref="MigrationOptions.JournalSync"/>. Off.</summary>
    public bool JournalSync { get; init; }

    /// <summary>Decides whose guest it is where the sides can not tell each other; the source must be given the same one. Null: none.</summary>
    public IOwnershipArbiter? Arbiter { get; init; }

    /// <summary>Receives one line per event worth a log; called from any thread. Null: none.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Every fault, as sentences; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        OptionChecks.Range(faults, nameof(MaxChannels), MaxChannels, 1, 64, "");
        OptionChecks.Range(faults, nameof(MaxDeviceStateBytes), MaxDeviceStateBytes, 0, 1L << 40, " bytes");
        OptionChecks.Threads(faults, ThreadPrefix, ChannelCores);
        if (AcceptTimeout is { } patience) OptionChecks.Positive(faults, nameof(AcceptTimeout), patience, TimeSpan.FromDays(30));
        OptionChecks.Positive(faults, nameof(HandshakeTimeout), HandshakeTimeout, TimeSpan.FromHours(1));
        if (Retain < TimeSpan.Zero || Retain > TimeSpan.FromDays(1)) faults.Add($"{nameof(Retain)} is {Retain}; accepted: 0 to 1 day.");
        OptionChecks.Positive(faults, nameof(IdleTimeout), IdleTimeout, TimeSpan.FromHours(1));
        OptionChecks.Positive(faults, nameof(HandoverTimeout), HandoverTimeout, TimeSpan.FromHours(1));
        if (Arbiter is { Id.Length: 0 or > 200 }) faults.Add($"The {nameof(Arbiter)}'s id has {Arbiter.Id.Length} characters; accepted: 1 to 200.");
        if (Congestion.Length is 0 or > 15)
            faults.Add($"{nameof(Congestion)} '{Congestion}' is not 'auto' or the name of a congestion control.");
        return faults;
    }
}
