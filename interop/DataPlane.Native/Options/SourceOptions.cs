using DataPlane.Native.Handles;
using DataPlane.Native.Hosting;
using DataPlane.Native.Structs;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Native.Options;

/// <summary>A <c>dp_source_options</c> as the library takes it.</summary>
internal static unsafe class SourceOptions
{
    /// <summary>Reads <paramref name="from"/>; null are the defaults.</summary>
    public static MigrationOptions Read(DpSourceOptions* from, NativeHost host)
    {
        if (from == null) return new MigrationOptions();
        var o = StructCopy.Read<DpSourceOptions>(from, "dp_source_options");
        StructCopy.Zero((uint)o.Reserved, "dp_source_options");
        var options = new MigrationOptions
        {
            Channels = o.Channels == 0 ? null : OptionReading.Count(o.Channels, "channels"),
            Compression = OptionReading.Choice<PageCompression>(o.Compression, "compression"),
            CompressThreads = OptionReading.Count(o.CompressThreads, "compress_threads"),
            Integrity = OptionReading.Choice<IntegrityMode>(o.Integrity, "integrity"),
            Verify = OptionReading.Choice<VerifyMode>(o.Verify, "verify"),
            DowntimeLimit = Microseconds.ToTime(o.DowntimeLimitUs),
            SwitchoverLimit = o.SwitchoverLimitUs == -1 ? null : Microseconds.ToTime(o.SwitchoverLimitUs),
            AvailSwitchoverBytesPerSecond = o.AvailSwitchoverBytesPerSecond == 0 ? null : o.AvailSwitchoverBytesPerSecond,
            MaxBytesPerSecond = o.MaxBytesPerSecond == 0 ? null : o.MaxBytesPerSecond,
            Timeout = Microseconds.ToTime(o.TimeoutUs),
            OnTimeout = OptionReading.Choice<TimeoutPolicy>(o.OnTimeout, "on_timeout"),
            OnStall = OptionReading.Choice<StallHandling>(o.OnStall, "on_stall"),
            AskOnStall = Asking(host),
            Probe = OptionReading.Flag(o.Probe, "probe"),
            PauseBeforeSwitchover = OptionReading.Flag(o.PauseBeforeSwitchover, "pause_before_switchover"),
            DescribeDeviceState = OptionReading.Flag(o.DescribeDeviceState, "describe_device_state"),
            Retries = OptionReading.Count(o.Retries, "retries"),
            Retain = Microseconds.ToTime(o.RetainUs),
            ConnectTimeout = Microseconds.ToTime(o.ConnectTimeoutUs),
            HandshakeTimeout = Microseconds.ToTime(o.HandshakeTimeoutUs),
            IdleTimeout = Microseconds.ToTime(o.IdleTimeoutUs),
            HandoverTimeout = Microseconds.ToTime(o.HandoverTimeoutUs),
            Congestion = NativeText.Read(o.Congestion, "congestion") ?? "auto",
            LocalAddresses = OptionReading.Addresses(o.LocalAddresses, o.LocalAddressCount),
            ChannelCores = OptionReading.Cores(o.Cores, o.CoreCount),
            ThreadPrefix = NativeText.Read(o.ThreadPrefix, "thread_prefix") ?? "dp",
            Journal = NativeText.Read(o.Journal, "journal"),
            JournalSync = OptionReading.Flag(o.JournalSync, "journal_sync"),
            Arbiter = OptionReading.Arbiter(o.Arbiter, o.ArbiterFolder),
            Log = OptionReading.Log(o.Log, o.LogOpaque),
        };
        return o.Costs == 0 ? options : options with { Costs = HandleTable.Get<Costs>(o.Costs, HandleKind.Costs).Learned };
    }

    /// <summary>What of <paramref name="options"/> can be changed while it runs.</summary>
    public static DpSourceUpdate Changeable(MigrationOptions options) => new()
    {
        OnTimeout = (int)options.OnTimeout,
        DowntimeLimitUs = Microseconds.Of(options.DowntimeLimit),
        AvailSwitchoverBytesPerSecond = options.AvailSwitchoverBytesPerSecond ?? 0,
        TimeoutUs = Microseconds.Of(options.Timeout),
        OnStall = (int)options.OnStall,
        Probe = options.Probe ? 1 : 0,
        PauseBeforeSwitchover = options.PauseBeforeSwitchover ? 1 : 0,
    };

    public static MigrationOptions Change(MigrationOptions options, DpSourceUpdate to) => options with
    {
        OnTimeout = OptionReading.Choice<TimeoutPolicy>(to.OnTimeout, "on_timeout"),
        DowntimeLimit = Microseconds.ToTime(to.DowntimeLimitUs),
        AvailSwitchoverBytesPerSecond = to.AvailSwitchoverBytesPerSecond == 0 ? null : to.AvailSwitchoverBytesPerSecond,
        Timeout = Microseconds.ToTime(to.TimeoutUs),
        OnStall = OptionReading.Choice<StallHandling>(to.OnStall, "on_stall"),
        Probe = OptionReading.Flag(to.Probe, "probe"),
        PauseBeforeSwitchover = OptionReading.Flag(to.PauseBeforeSwitchover, "pause_before_switchover"),
    };

    private static Func<StallReport, CancellationToken, ValueTask<StallAnswer>>? Asking(NativeHost host) =>
        host.CanAnswerStalls ? (report, _) => new(StallQuestion.Ask(host, report)) : null;
}
