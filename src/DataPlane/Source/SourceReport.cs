using DataPlane.Control.Bandwidth;
using DataPlane.Control.Timeline;
using DataPlane.Core.Memory;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>Turns what a source has seen into the result document. Changes nothing: an outcome in doubt is reported once more when it is settled.</summary>
internal sealed class SourceReport(SourceState state)
{
    // A step that looks at its token every few milliseconds is what is asked for.
    private static readonly TimeSpan NoticedOverrun = TimeSpan.FromMilliseconds(5);

    public MigrationResult Build()
    {
        var error = state.UncertainError ?? state.Fault.Error;
        if (error is not null && state.RollbackFault is not null)
            error = error with { Message = $"{error.Message} {state.RollbackFault}" };
        var joined = BlackoutAccount.Of(state.Blackout, state.Clocks);
        var account = joined is { Completed: true } ? joined : null;
        var expected = state.Decision?.ExpectedDowntime?.TotalMilliseconds;
        var downtime = account is null ? (double?)null : SessionClock.Milliseconds(account.Total);
        return new MigrationResult
        {
            Status = state.Status,
            Error = error is null ? null : ErrorReport.From(error),
            Attempt = (int)state.Attempt,
            TotalTime = TotalTime(account),
            SetupTime = state.SetUp == 0 ? null : SessionClock.Milliseconds(state.SetUp - state.Started),
            Downtime = downtime,
            ExpectedDowntime = joined is null ? null : expected,
            ForecastErrorPercent = downtime is not null && expected > 0 ? 100 * (downtime - expected) / expected : null,
            Forecast = joined is null ? null : DowntimeForecast.Of(state.Decision?.Forecast),
            DowntimeLimit = state.Options.DowntimeLimit.TotalMilliseconds,
            SwitchoverLimit = state.Options.SwitchoverLimit?.TotalMilliseconds,
            LimitExceededUs = joined is null || state.Status == MigrationStatus.Uncertain ? null : Exceeded(SessionClock.Milliseconds(joined.Total)),
            Bandwidth = Bandwidth(),
            Bottleneck = Bottleneck(state),
            Warnings = [.. state.Warnings, .. Overrun()],
            Ram = Ram(),
            Compression = CompressionAccount.Of(state),
            Passes = state.Log?.Passes ?? [],
            Samples = state.Samples?.Report() ?? [],
            Channels = Channels(),
            DeviceStateDescription = StateDescriptions.Of(state),
            DowntimeBreakdown = Breakdown.Of(joined, [.. state.Sections.Select(section => section.Declared.Id)]),
            Integrity = state.Connection is null ? state.Options.Integrity : PageFeatures.Integrity(state.Connection.Accept.Features),
            Verify = state.Status == MigrationStatus.Completed
                ? new VerifyReport(state.Options.Verify, state.Verified.Pages, state.Verified.Mismatched) : null,
            Memory = Memory(),
            Cpu = new CpuReport((Environment.CpuUsage.TotalTime - state.CpuAtStart).TotalSeconds, state.DestinationCpuSeconds),
            AllocatedBytesSteady = state.AllocatedSteady,
            Environment = EnvironmentFacts.Collect(OptionsInEffect()),
        };
    }

    /// <summary>Without a sample of a rate, the mean of all the time serves as what something else than the link limited.</summary>
    private BandwidthReport Bandwidth()
    {
        var seen = state.Bandwidth;
        return new BandwidthReport(
            state.Options.AvailSwitchoverBytesPerSecond, seen.Link.Smoothed,
            seen.Source.Smoothed ?? (seen.Link.Smoothed is null ? seen.Mean : null), state.SwitchoverBytesPerSecond, state.Forecast?.Probed)
        {
            LinkLimitedAgeMs = seen.Link.Age(seen.Now)?.TotalMilliseconds,
            SourceLimitedAgeMs = seen.Source.Age(seen.Now)?.TotalMilliseconds,
        };
    }

    /// <summary>What has bounded the passes so far.</summary>
    public static string? Bottleneck(SourceState state) => Name(state.Bandwidth.Bottleneck);

    private static string? Name(LimitCause? cause) => cause == LimitCause.Link ? "network" : cause?.ToString().ToLowerInvariant();

    private double? TotalTime(BlackoutAccount? account)
    {
        if (account is null) return SessionClock.Milliseconds(state.Finished - state.Started);
        var verify = account.Segments.Where(segment => segment.Name == SegmentTable.Verify).Sum(segment => segment.Duration);
        return SessionClock.Milliseconds(account.Start + account.Segments[^1].End - state.Started - verify);
    }

    private RamReport? Ram()
    {
        if (state.Crew is null || state.Log is null) return null;
        var totals = CrewTotals.Of(state.Crew);
        var seconds = state.Log.Passes.Sum(pass => pass.DurationMs) / 1e3;
        return new RamReport
        {
            Total = state.Memory.ByteCount,
            Transferred = totals.WireBytes,
            Remaining = state.Status == MigrationStatus.Completed ? 0 : state.Bitmap.Count() * PageGeometry.PageSize,
            Duplicate = totals.ZeroPages,
            Discarded = totals.DiscardedPages,
            Normal = totals.Pages,
            CompressedBytes = state.Options.Compression == PageCompression.None ? null : totals.EncodedBytes,
            NormalBytes = totals.Pages * PageGeometry.PageSize,
            DirtySyncCount = state.Syncs,
            DirtyPagesRate = state.DirtyBytesPerSecond / PageGeometry.PageSize,
            PagesPerSecond = seconds > 0 ? (totals.Pages + totals.ZeroPages) / seconds : null,
            Mbps = seconds > 0 ? totals.WireBytes * 8 / seconds / 1e6 : null,
            MultifdBytes = totals.WireBytes,
        };
    }

    private ChannelReport[] Channels()
    {
        if (state.Crew is null) return [];
        var tick = 1e3 / System.Diagnostics.Stopwatch.Frequency;
        return [.. state.Crew.Channels.Select(channel => new ChannelReport(
            channel.Number,
            channel.Counters.WireBytes,
            channel.Counters.BusyTicks * tick,
            channel.Counters.BlockedTicks * tick,
            channel.Number < state.Retransmits.Count ? state.Retransmits[channel.Number] : null))];
    }

    private MemoryReport? Memory() => state.Connection is not { Accept: var accept } ? null : new MemoryReport(
        null,
        ((DestinationMemory)accept.MemoryState).ToString().ToLowerInvariant(),
        accept.BackingPageSize >= 1 << 20 ? $"{accept.BackingPageSize >> 20}MiB" : $"{accept.BackingPageSize >> 10}KiB");

    /// <summary>The guest could not be resumed beside a step of the host that did not end.</summary>
    private IEnumerable<string> Overrun()
    {
        if (state.Paused && state.Calls.Overran is { Time: var time, Step: var step } && time > NoticedOverrun)
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The host's {step} went on for {time.TotalMilliseconds:0.#} ms after it had been told to stop, and the guest stood still as much longer.");
    }

    private double? Exceeded(double stood) =>
        stood > state.Options.HardLimit?.TotalMilliseconds ? Math.Round((stood - state.Options.HardLimit.Value.TotalMilliseconds) * 1e3, 3) : null;

    private Dictionary<string, string> OptionsInEffect() => new(StringComparer.Ordinal)
    {
        ["channels"] = $"{state.Channels}",
        ["congestion"] = state.Connection?.CongestionControl ?? state.Options.Congestion,
        ["dirty-source"] = state.Dirty.Name,
        ["compression"] = state.Options.Compression.ToString().ToLowerInvariant(),
        ["compress-threads"] = $"{state.Options.CompressThreads}",
        ["verify"] = state.Options.Verify.ToString().ToLowerInvariant(),
    };
}
