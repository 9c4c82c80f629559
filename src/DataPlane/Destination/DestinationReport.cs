using DataPlane.Control.Timeline;
using DataPlane.Core.Memory;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;

namespace DataPlane.Destination;

/// <summary>Turns what a destination has seen into its result document; what only the source knows is null.</summary>
internal static class DestinationReport
{
    public static MigrationResult Build(DestinationState state)
    {
        var counters = state.Crew?.Channels.Select(channel => channel.Counters).ToArray() ?? [];
        var bytes = counters.Sum(channel => channel.WireBytes);
        var pages = counters.Sum(channel => channel.Pages);
        var error = state.UncertainError ?? state.Fault.Error;
        return new MigrationResult
        {
            Status = state.Status,
            Error = error is null ? null : ErrorReport.From(error),
            Attempt = (int)(state.Hello?.Attempt ?? 1),
            TotalTime = state.Started == 0 ? null : SessionClock.Milliseconds(state.Finished - state.Started),
            SetupTime = state.SetUp == 0 ? null : SessionClock.Milliseconds(state.SetUp - state.Started),
            Ram = state.Crew is null ? null : new RamReport
            {
                Total = state.Memory.ByteCount,
                Transferred = bytes,
                Remaining = 0,
                Duplicate = counters.Sum(channel => channel.ZeroPages),
                Normal = pages,
                NormalBytes = pages * PageGeometry.PageSize,
                DirtySyncCount = 0,
                MultifdBytes = bytes,
            },
            DowntimeBreakdown = Breakdown.Of(BlackoutAccount.OfDestination(state.Blackout), [.. state.Sections.Select(section => section.Id)]),
            Channels = [.. counters.Select((channel, number) => new ChannelReport(number, channel.WireBytes, null, null, null))],
            Integrity = state.Crew is null ? null : state.Suspects is null ? IntegrityMode.Headers : IntegrityMode.Pages,
            SuspectPages = state.Suspects is null ? null : new SuspectPagesReport(state.Suspects.Seen, state.Suspects.Cleared),
            RefusedConnections = state.Refusals.Report(),
            Verify = state.Verified,
            Warnings = [.. state.Warnings],
            Memory = new MemoryReport(null, state.Options.Memory.ToString().ToLowerInvariant(), null),
            Cpu = new CpuReport(null, (Environment.CpuUsage.TotalTime - state.CpuAtStart).TotalSeconds),
            Environment = EnvironmentFacts.Collect(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["channels"] = $"{counters.Length}",
                ["congestion"] = state.CongestionControl ?? state.Options.Congestion,
                ["populate"] = state.Options.Populate ? "on" : "off",
            }),
        };
    }
}
