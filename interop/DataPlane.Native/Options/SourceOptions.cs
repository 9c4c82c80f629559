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
    public static MigrationOptions Read(DpSourceOptions* from, NativeHost host, OptionReader read)
    {
        if (from == null) return new MigrationOptions();
        var o = StructCopy.Read<DpSourceOptions>(from, "dp_source_options");
        StructCopy.Zero((uint)o.Reserved, "dp_source_options");
        var options = new MigrationOptions
        {
            Channels = o.Channels == 0 ? null : read.Count(o.Channels, "channels"),
            Compression = read.Choice<PageCompression>(o.Compression, "compression"),
            CompressThreads = read.Count(o.CompressThreads, "compress_threads"),
            Integrity = read.Choice<IntegrityMode>(o.Integrity, "integrity"),
            Verify = read.Choice<VerifyMode>(o.Verify, "verify"),
            DowntimeLimit = Microseconds.ToTime(o.DowntimeLimitUs),
            SwitchoverLimit = o.SwitchoverLimitUs == -1 ? null : Microseconds.ToTime(o.SwitchoverLimitUs),
            AvailSwitchoverBytesPerSecond = o.AvailSwitchoverBytesPerSecond == 0 ? null : o.AvailSwitchoverBytesPerSecond,
            MaxBytesPerSecond = o.MaxBytesPerSecond == 0 ? null : o.MaxBytesPerSecond,
            Timeout = Microseconds.ToTime(o.TimeoutUs),
            OnTimeout = read.Choice<TimeoutPolicy>(o.OnTimeout, "on_timeout"),
            OnStall = read.Choice<StallHandling>(o.OnStall, "on_stall"),
            AskOnStall = Asking(host),
            Probe = read.Flag(o.Probe, "probe"),
            PauseBeforeSwitchover = read.Flag(o.PauseBeforeSwitchover, "pause_before_switchover"),
            DescribeDeviceState = read.Flag(o.DescribeDeviceState, "describe_device_state"),
            Retries = read.Count(o.Retries, "retries"),
            Retain = Microseconds.ToTime(o.RetainUs),
            ConnectTimeout = Microseconds.ToTime(o.ConnectTimeoutUs),
            HandshakeTimeout = Microseconds.ToTime(o.HandshakeTimeoutUs),
            IdleTimeout = Microseconds.ToTime(o.IdleTimeoutUs),
            HandoverTimeout = Microseconds.ToTime(o.HandoverTimeoutUs),
            Congestion = read.Text(o.Congestion, "congestion") ?? "auto",
            LocalAddresses = read.Addresses(o.LocalAddresses, o.LocalAddressCount),
            ChannelCores = read.Cores(o.Cores, o.CoreCount),
            ThreadPrefix = read.Text(o.ThreadPrefix, "thread_prefix") ?? "dp",
            Journal = read.Text(o.Journal, "journal"),
            JournalSync = read.Flag(o.JournalSync, "journal_sync"),
            Arbiter = read.Arbiter(o.Arbiter, o.ArbiterFolder),
            Log = OptionReader.Log(o.Log, o.LogOpaque),
        };
        if (o.Costs != 0) options = options with { Costs = HandleTable.Get<Costs>(o.Costs, HandleKind.Costs).Learned };
        return Checked(options, host, read);
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

    public static MigrationOptions Change(MigrationOptions options, DpSourceUpdate to, NativeHost host)
    {
        var read = new OptionReader();
        var changed = Checked(Changed(options, to, read), host, read);
        read.Throw();
        return changed;
    }

    private static MigrationOptions Checked(MigrationOptions options, NativeHost host, OptionReader read)
    {
        if (options.OnStall == StallHandling.Throttle && !host.CanThrottle) read.Fault("on_stall is DP_ON_STALL_THROTTLE, but dp_host.throttle is NULL.");
        foreach (var fault in options.Validate()) read.Fault(OptionNames.InC(fault));
        return options;
    }

    private static MigrationOptions Changed(MigrationOptions options, DpSourceUpdate to, OptionReader read) => options with
    {
        OnTimeout = read.Choice<TimeoutPolicy>(to.OnTimeout, "on_timeout"),
        DowntimeLimit = Microseconds.ToTime(to.DowntimeLimitUs),
        AvailSwitchoverBytesPerSecond = to.AvailSwitchoverBytesPerSecond == 0 ? null : to.AvailSwitchoverBytesPerSecond,
        Timeout = Microseconds.ToTime(to.TimeoutUs),
        OnStall = read.Choice<StallHandling>(to.OnStall, "on_stall"),
        Probe = read.Flag(to.Probe, "probe"),
        PauseBeforeSwitchover = read.Flag(to.PauseBeforeSwitchover, "pause_before_switchover"),
    };

    private static Func<StallReport, CancellationToken, ValueTask<StallAnswer>>? Asking(NativeHost host) =>
        host.CanAnswerStalls ? (report, _) => new(StallQuestion.Ask(host, report)) : null;
}
