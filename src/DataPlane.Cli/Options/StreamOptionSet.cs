using System.CommandLine;
using System.Net;
using DataPlane.Cli.Units;
using DataPlane.Guests;
using DataPlane.Options;

namespace DataPlane.Cli.Options;

/// <summary>The options that say how the source sends and when it may stop the guest.</summary>
internal sealed class StreamOptionSet(string defaultVerify)
{
    // Beyond any link, and a round number in the unit that links are sold in.
    private const long MostRate = 1_000_000_000_000;
    private static readonly TimeSpan _tick = TimeSpan.FromTicks(1);

    public ValueOption<string> DirtySource { get; } = new(
        "--dirty-source", string.Join('|', DirtySourceNames.All), DirtySourceNames.Auto,
        "How written pages are found: KVM's log without or with manual protect, its rings, userfaultfd, or the guest's own marks.",
        "one of " + string.Join(", ", DirtySourceNames.All), Readers.OneOf([.. DirtySourceNames.All]));

    public ValueOption<int?> Channels { get; } = new(
        "--channels", "N|auto", "auto", "Data channels; auto is min(8, allowed cores), at least 2.",
        "auto or a number from 1 to 64", Readers.Or("auto", Readers.Int(1, 64)));

    public ValueOption<PageCompression> Compression { get; } = new(
        "--compression", "none|lz4|zstd|auto", "none", "Compression of the pages, by the channels' threads; auto picks what moves most pages.",
        "none, lz4, zstd or auto", Readers.Member<PageCompression>());

    public ValueOption<int> CompressThreads { get; } = new(
        "--compress-threads", "N", "0", "Compressors beside the channels; 0: the channels' own threads compress.",
        "a number from 0 to 64", Readers.Int(0, 64));

    public ValueOption<IntegrityMode> Integrity { get; } = new(
        "--integrity", "headers|pages", "headers", "What checksums cover: headers, device state and compressed pages, or every page too.",
        "headers or pages", Readers.Member<IntegrityMode>());

    public ValueOption<long?> AvailSwitchoverBandwidth { get; } = new(
        "--avail-switchover-bandwidth", "RATE", "measured", "Bandwidth to count on while the guest stands still.",
        ByteRate.Form + ", at most 8Tbit/s, or measured", Readers.Or("measured", Readers.Rate(1, MostRate)));

    public ValueOption<long?> MaxBandwidth { get; } = new(
        "--max-bandwidth", "RATE", "unlimited", "Most that all channels together take while the guest runs; lifted when it stops.",
        ByteRate.Form + ", from 64KiB/s to 8Tbit/s, or unlimited", Readers.Or("unlimited", Readers.Rate(MigrationOptions.LeastMaxBytesPerSecond, MostRate)));

    public ListOption<IPAddress> Bind { get; } = new(
        "--bind", "ADDR", "Local address to connect from; given several times, the channels are spread over them.",
        "an address of this host, IPv4 or IPv6, without a port: 10.0.0.1 or fd00::1", Readers.LocalAddress);

    public ValueOption<TimeSpan> DowntimeLimit { get; } = new(
        "--downtime-limit", "TIME", "300ms", "The blackout aimed for.",
        Duration.Form + ", at most 2000s", Readers.Time(_tick, TimeSpan.FromSeconds(2000)));

    public ValueOption<TimeSpan?> SwitchoverLimit { get; } = new(
        "--switchover-limit", "TIME", "off", "Hard limit: what may be added to the downtime limit before the switchover is called off and the guest goes on here.",
        Duration.Form + ", at most 2000s, or off", Readers.Or("off", Readers.Time(default, TimeSpan.FromSeconds(2000))));

    public FlagOption PauseBeforeSwitchover { get; } = new(
        "--pause-before-switchover", "Stop the guest and wait for Enter, or for SIGUSR1, before its last memory and devices are taken.");

    public ValueOption<int> Retries { get; } = new(
        "--retries", "N", "0", "Further attempts after one that was called off or broke; each sends what changed.", "a number from 0 to 1000", Readers.Int(0, 1000));

    public ValueOption<TimeSpan> Timeout { get; } = new(
        "--timeout", "TIME", "1h", "How long the whole may take.", Duration.Form + ", at most 720h", Readers.Time(_tick, TimeSpan.FromDays(30)));

    public ValueOption<TimeoutPolicy> OnTimeout { get; } = new(
        "--on-timeout", "cancel|force", "cancel", "What then: give up, or stop the guest and move what is left.",
        "cancel or force", Readers.Member<TimeoutPolicy>());

    public ValueOption<StallHandling> OnStall { get; } = new(
        "--on-stall", "wait|minimum|throttle|force|cancel", "wait",
        "When no pass leaves less for 2 s: go on, stop at a local minimum, slow the guest down, stop it at once, or give up.",
        "wait, minimum, throttle, force or cancel", ReadStall);

    public FlagOption Probe { get; } = new("--probe", "Check the declared bandwidth by a burst of dirty pages before the stop.");

    public FlagOption DescribeState { get; } = new("--describe-state", "Put a description of the saved device state into the result document.");

    public ValueOption<VerifyMode> Verify { get; } = new(
        "--verify", "digest|full", defaultVerify, "Agree on every frame's header and count, or compare every page before the handover.",
        "digest or full", Readers.Member<VerifyMode>());

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All =>
    [
        DirtySource, Channels, Compression, CompressThreads, Integrity, Bind, MaxBandwidth, AvailSwitchoverBandwidth, Probe, DowntimeLimit, SwitchoverLimit,
        PauseBeforeSwitchover, Timeout, OnTimeout, OnStall, Retries, Verify, DescribeState,
    ];

    public MigrationOptions Read(ParseResult parse, CommonOptionSet common, HandoverOptionSet handover, Action<string> log) => new()
    {
        Channels = Channels.Value(parse),
        Compression = Compression.Value(parse),
        Integrity = Integrity.Value(parse),
        CompressThreads = CompressThreads.Value(parse),
        DowntimeLimit = DowntimeLimit.Value(parse),
        AvailSwitchoverBytesPerSecond = AvailSwitchoverBandwidth.Value(parse),
        MaxBytesPerSecond = MaxBandwidth.Value(parse),
        LocalAddresses = Bind.Values(parse),
        SwitchoverLimit = SwitchoverLimit.Value(parse),
        PauseBeforeSwitchover = PauseBeforeSwitchover.Value(parse),
        Retries = Retries.Value(parse),
        Retain = common.Retain.Value(parse),
        Timeout = Timeout.Value(parse),
        OnTimeout = OnTimeout.Value(parse),
        OnStall = OnStall.Value(parse),
        Probe = Probe.Value(parse),
        HandoverTimeout = handover.Timeout.Value(parse),
        Journal = handover.ReadJournal(parse),
        JournalSync = handover.JournalSync.Value(parse),
        Arbiter = handover.ReadArbiter(parse),
        Verify = Verify.Value(parse),
        DescribeDeviceState = DescribeState.Value(parse),
        Congestion = common.Congestion.Value(parse),
        Log = log,
    };

    // A program has nobody to ask.
    private static bool ReadStall(string text, out StallHandling handling) =>
        Readers.Member<StallHandling>()(text, out handling) && handling != StallHandling.Ask;
}
