using System.Net;
using System.Net.Sockets;
using DataPlane.Host;
using DataPlane.Linux.Host;
using DataPlane.Results;
using DataPlane.Transport.Sending;

namespace DataPlane.Options;

/// <summary>What the source is asked to do. Immutable; checked as a whole by <see cref="Validate"/>.</summary>
public sealed record MigrationOptions
{
    /// <summary>The least that <see cref="MaxBytesPerSecond"/> takes: 64 KiB/s.</summary>
    public const long LeastMaxBytesPerSecond = BandwidthCap.LeastBytesPerSecond;

    /// <summary>Data channels: TCP connections, each with a thread on both sides. Null: min(8, allowed cores), at least 2.</summary>
    public int? Channels { get; init; }

    /// <summary>Compression of the pages, in the channels' own threads unless <see cref="CompressThreads"/> says otherwise. None.</summary>
    public PageCompression Compression { get; init; } = PageCompression.None;

    /// <summary>
    /// Threads that compress beside the channels, 0 to 64. 0: the channels' own threads do it, which is faster where there are as many channels
    /// as cores. Takes (4 + 2 x ceil(threads / channels)) x 512 KiB of memory for each channel.
    /// </summary>
    public int CompressThreads { get; init; }

    /// <summary>What checksums cover on the way. Headers.</summary>
    public IntegrityMode Integrity { get; init; } = IntegrityMode.Headers;

    /// <summary>The blackout aimed for: the guest is stopped when what is left fits into it. 300 ms.</summary>
    public TimeSpan DowntimeLimit { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// The hard limit: what may be added to <see cref="DowntimeLimit"/> before the switchover is called off and the guest goes on here. Both
    /// sides keep watch. A forecast beyond it never stops the guest, not even by force. Zero allows no more than the downtime limit. Null: off.
    /// </summary>
    public TimeSpan? SwitchoverLimit { get; init; }

    /// <summary>
    /// Wait with the guest stopped, before its last memory and devices are taken, until <see cref="MigrationSource.ContinueAsync"/>. Not counted as
    /// downtime, nor against the limits; ends with <see cref="Timeout"/> as the passes do. Off.
    /// </summary>
    public bool PauseBeforeSwitchover { get; init; }

    /// <summary>Bandwidth to count on in the blackout, bytes per second; trusted over what is measured. Null: measured.</summary>
    public long? AvailSwitchoverBytesPerSecond { get; init; }

    /// <summary>
    /// Bandwidth that all data channels together may take while the guest runs, bytes per second. Lifted from the last
    /// fence before the guest is stopped. What is measured under it tells little of the link, so a forecast made from it is too long and the
    /// guest is stopped later than it need be: declare <see cref="AvailSwitchoverBytesPerSecond"/> beside it. Null: no cap.
    /// </summary>
    public long? MaxBytesPerSecond { get; init; }

    /// <summary>
    /// Addresses of this host to connect from: control from the first, the data channels from all in turn. All of the destination's family
    /// (IPv4 or IPv6); TCP only. Empty: the system chooses.
    /// </summary>
    public IReadOnlyList<IPAddress> LocalAddresses { get; init; } = [];

    /// <summary>
    /// CPUs that the threads of the channels, and of compressors beside them, run on: thread N on number N modulo their count. Empty: where the scheduler puts them.
    /// </summary>
    public IReadOnlyList<int> ChannelCores { get; init; } = [];

    /// <summary>What the names of those threads begin with, 1 to 7 visible characters of ASCII. <c>dp</c>.</summary>
    public string ThreadPrefix { get; init; } = ChannelThreads.DefaultPrefix;

    /// <summary>How long the whole may take. One hour.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What then. Cancel.</summary>
    public TimeoutPolicy OnTimeout { get; init; } = TimeoutPolicy.Cancel;

    /// <summary>What is done when the passes stall, before the time is up. Wait.</summary>
    public StallHandling OnStall { get; init; } = StallHandling.Wait;

    /// <summary>
    /// Asked after each pass while they stall, with <see cref="StallHandling.Ask"/>; the passes go on meanwhile. Never called beside a step of
    /// the host. One that throws fails the migration. Null otherwise.
    /// </summary>
    public Func<StallReport, CancellationToken, ValueTask<StallAnswer>>? AskOnStall { get; init; }

    /// <summary>
    /// Check the declared bandwidth before the stop by a burst of dirty pages, 50 ms at most. Where it shows less than three quarters of the
    /// declaration, it counts instead. Off.
    /// </summary>
    public bool Probe { get; init; }

    /// <summary>What earlier attempts have taught. By default nothing.</summary>
    public LearnedCosts Costs { get; init; } = new();

    /// <summary>Comparison of the two memories before the handover. Digest.</summary>
    public VerifyMode Verify { get; init; } = VerifyMode.Digest;

    /// <summary>
    /// Put a description of the saved device state into the result, for finding out why it does not load elsewhere; with the host's own words where
    /// it implements <see cref="Host.IDeviceStateDescriber"/>. Made when the migration is over. Off.
    /// </summary>
    public bool DescribeDeviceState { get; init; }

    /// <summary>TCP congestion control by name, or <c>auto</c>: the system's, but cubic where the round trip is under 0.2 ms.</summary>
    public string Congestion { get; init; } = "auto";

    /// <summary>How long connecting one socket may take. 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the peer may take for its part of the handshake, and then until it is ready; a second more for each 256 MiB that it may have to
    /// populate first. 10 s.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long nothing may be heard, nothing that a channel sent be acknowledged, or a fence or the last of the sums not be answered, before the peer
    /// counts as gone. Time in which this process itself did not run is not counted. 10 s.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the source waits for PREPARED once all is sent, beside the load times that the host declares; and how long it asks, after COMMIT, what
    /// became of the guest before it calls the outcome uncertain. 30 s.
    /// </summary>
    public TimeSpan HandoverTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Further attempts after one that was called off or broke: over the limit, connection lost, timeout, a device that failed. Each sends only what
    /// changed, where the destination kept the memory. Connections that do not come about are tried for <see cref="Retain"/> and do not count. 0.
    /// </summary>
    public int Retries { get; init; }

    /// <summary>For how long after a failure the destination is tried again. Five minutes.</summary>
    public TimeSpan Retain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Folder of the handover's records, which say whose guest it is when a connection or a process is lost: of this user alone, on a disk of this host,
    /// kept over restarts of the embedder. Null: a private folder (<see cref="Handover.HandoverJournals.DefaultFolder"/>), since a guest moved
    /// without records can end up with nobody able to say who has it. Empty: none; then nobody can answer for this process once it has ended.
    /// </summary>
    public string? Journal { get; init; }

    /// <summary>Flush each record to the disk before it counts, so that records outlive the host too. Puts a disk's flush into the blackout. Off.</summary>
    public bool JournalSync { get; init; }

    /// <summary>Decides whose guest it is where the sides can not tell each other; the destination must be given the same one. Null: none.</summary>
    public IOwnershipArbiter? Arbiter { get; init; }

    /// <summary>Receives one line per event worth a log; called from any thread. Null: none.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The longest blackout that is not called off; null where there is none.</summary>
    internal TimeSpan? HardLimit => DowntimeLimit + SwitchoverLimit;

    /// <summary>
    /// Whether <paramref name="other"/> differs only in what may be changed while a migration runs: limits, declared bandwidth, time allowed
    /// and what is done at its end or when the passes stall.
    /// </summary>
    internal bool MayBecome(MigrationOptions other) => other == this with
    {
        DowntimeLimit = other.DowntimeLimit,
        AvailSwitchoverBytesPerSecond = other.AvailSwitchoverBytesPerSecond,
        Timeout = other.Timeout,
        OnTimeout = other.OnTimeout,
        OnStall = other.OnStall,
        AskOnStall = other.AskOnStall,
        Probe = other.Probe,
        PauseBeforeSwitchover = other.PauseBeforeSwitchover,
    };

    /// <summary>Every fault, as sentences; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        OptionChecks.Range(faults, nameof(Channels), Channels ?? 1, 1, 64, "");
        if (!Enum.IsDefined(Compression)) faults.Add($"{nameof(Compression)} is {(int)Compression}; accepted: {string.Join(", ", Enum.GetNames<PageCompression>())}.");
        if (!Enum.IsDefined(Integrity)) faults.Add($"{nameof(Integrity)} is {(int)Integrity}; accepted: {string.Join(", ", Enum.GetNames<IntegrityMode>())}.");
        OptionChecks.Range(faults, nameof(CompressThreads), CompressThreads, 0, 64, "");
        if (CompressThreads > 0 && Compression == PageCompression.None)
            faults.Add($"{nameof(CompressThreads)} is {CompressThreads}, but there is nothing to compress: name a compression too, or leave the threads at 0.");
        OptionChecks.Positive(faults, nameof(DowntimeLimit), DowntimeLimit, TimeSpan.FromSeconds(2000));
        if (SwitchoverLimit is { } more && (more < TimeSpan.Zero || more > TimeSpan.FromSeconds(2000)))
            faults.Add($"{nameof(SwitchoverLimit)} is {more}; accepted: 0 to 2000 s, or null for none.");
        OptionChecks.Range(faults, nameof(AvailSwitchoverBytesPerSecond), AvailSwitchoverBytesPerSecond ?? 1, 1, 1L << 40, " bytes per second");
        OptionChecks.Range(
            faults, nameof(MaxBytesPerSecond), MaxBytesPerSecond ?? LeastMaxBytesPerSecond, LeastMaxBytesPerSecond, 1L << 40, " bytes per second");
        if (LocalAddresses.Any(address => address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)))
            faults.Add($"{nameof(LocalAddresses)} has one that is neither IPv4 nor IPv6.");
        OptionChecks.Threads(faults, ThreadPrefix, ChannelCores);
        OptionChecks.Positive(faults, nameof(Timeout), Timeout, TimeSpan.FromDays(30));
        if (!Enum.IsDefined(OnStall)) faults.Add($"{nameof(OnStall)} is {(int)OnStall}; accepted: {string.Join(", ", Enum.GetNames<StallHandling>())}.");
        if (OnStall == StallHandling.Ask && AskOnStall is null) faults.Add($"{nameof(OnStall)} is {OnStall}, but {nameof(AskOnStall)} is null: there is nobody to ask.");
        if (Costs is null) faults.Add($"{nameof(Costs)} is null; leave it out where there were no earlier attempts.");
        OptionChecks.Range(faults, nameof(Retries), Retries, 0, 1000, "");
        OptionChecks.Positive(faults, nameof(Retain), Retain, TimeSpan.FromDays(1));
        OptionChecks.Positive(faults, nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromHours(1));
        OptionChecks.Positive(faults, nameof(HandshakeTimeout), HandshakeTimeout, TimeSpan.FromHours(1));
        OptionChecks.Positive(faults, nameof(IdleTimeout), IdleTimeout, TimeSpan.FromHours(1));
        OptionChecks.Positive(faults, nameof(HandoverTimeout), HandoverTimeout, TimeSpan.FromHours(1));
        if (Arbiter is { Id.Length: 0 or > 200 }) faults.Add($"The {nameof(Arbiter)}'s id has {Arbiter.Id.Length} characters; accepted: 1 to 200.");
        if (Congestion.Length is 0 or > 15)
            faults.Add($"{nameof(Congestion)} '{Congestion}' is not 'auto' or the name of a congestion control.");
        return faults;
    }
}
