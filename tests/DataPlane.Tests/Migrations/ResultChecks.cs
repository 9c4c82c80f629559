using System.Text.Json;
using DataPlane.Core.Memory;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>What holds of every result document of a completed migration whose pages were all compared.</summary>
internal static class ResultChecks
{
    /// <summary>The fields that people and scripts rely on, with those of the objects within. An element stands for all of a list.</summary>
    private static readonly (string Path, string Fields)[] _fields =
    [
        ("", "schema status error attempt total-time setup-time downtime expected-downtime forecast-error-percent downtime-limit switchover-limit "
            + "forecast warnings limit-exceeded-us bandwidth ram passes samples channels downtime-breakdown bottleneck integrity suspect-pages verify memory cpu allocated-bytes-steady environment"),
        ("bandwidth", "declared-bytes-per-second link-limited-bytes-per-second source-limited-bytes-per-second switchover-bytes-per-second probe-bytes-per-second"),
        ("forecast", "expected-us low-us high-us parts"),
        ("forecast.parts", "name expected-us low-us high-us"),
        ("ram", "total transferred remaining duplicate discarded normal normal-bytes compressed-bytes page-size dirty-sync-count dirty-pages-rate pages-per-second mbps multifd-bytes"),
        ("passes", "pass dirty-pages sent-pages zero-pages discarded-pages wire-bytes duration-ms sync-ms bandwidth-bytes-per-second dirty-bytes-per-second expected-downtime-ms decision reason cpu-throttle-percentage"),
        ("samples", "at-ms sent-bytes remaining-bytes bandwidth-bytes-per-second dirty-bytes-per-second expected-downtime-ms"),
        ("channels", "channel wire-bytes busy-ms blocked-ms retransmits"),
        ("downtime-breakdown", "total-us unaccounted-us clock-offset-us clock-error-us clock-drift-ppm completed segments stages"),
        ("downtime-breakdown.segments", "name side start-us duration-us"),
        ("downtime-breakdown.stages", "name side segment start-us duration-us"),
        ("verify", "mode pages mismatched"),
        ("memory", "source destination page-kind"),
        ("cpu", "source-seconds destination-seconds"),
        ("environment", "version runtime cpu cores kernel options"),
    ];

    public static void Completed(MigrationResult result, GuestMemory memory, int channels)
    {
        Assert.Equal(memory.PageCount, result.Verify!.Pages);
        Assert.Equal(0, result.Verify.Mismatched);
        AssertPagesAddUp(result, memory, channels);
        AssertSegmentsTile(result);
        AssertForecastHasTheSegments(result);
        AssertEveryFieldIsThere(result);
    }

    private static void AssertPagesAddUp(MigrationResult result, GuestMemory memory, int channels)
    {
        var ram = result.Ram!;
        Assert.Equal(memory.ByteCount, ram.Total);
        Assert.Equal(0, ram.Remaining);
        Assert.Equal(memory.PageCount, result.Passes[0].DirtyPages);
        Assert.Equal(ram.Normal, result.Passes.Sum(pass => pass.SentPages));
        Assert.Equal(ram.Duplicate, result.Passes.Sum(pass => pass.ZeroPages));
        Assert.True(ram.Normal + ram.Duplicate >= memory.PageCount);
        Assert.Equal(ram.Normal * 4096, ram.NormalBytes);
        Assert.Equal(Enumerable.Range(1, result.Passes.Count), result.Passes.Select(pass => pass.Pass));
        Assert.Equal(channels, result.Channels.Count);
        Assert.Equal(ram.Transferred, result.Channels.Sum(channel => channel.WireBytes));
        Assert.True(ram.Transferred >= (ram.CompressedBytes ?? ram.NormalBytes));
        Assert.Equal("final", result.Passes[^1].Decision);
    }

    private static void AssertSegmentsTile(MigrationResult result)
    {
        var account = result.DowntimeBreakdown!;
        double end = 0;
        foreach (var segment in account.Segments)
        {
            Assert.Equal(end, segment.StartUs, tolerance: 0.0005);
            Assert.True(segment.DurationUs >= 0, $"{segment.Name} ends before it begins.");
            end = segment.StartUs + segment.DurationUs;
        }
        var counted = account.Segments.Where(segment => segment.Name != "verify").Sum(segment => segment.DurationUs);
        Assert.Equal(result.Downtime!.Value * 1e3, counted, tolerance: 0.05);
        Assert.Equal(result.Downtime.Value * 1e3, account.TotalUs, tolerance: 0.05);
        Assert.InRange(Math.Abs(account.UnaccountedUs), 0, Math.Max(50, account.TotalUs / 100));
        Assert.All(account.Stages, stage => Assert.Contains(stage.Segment, account.Segments.Select(segment => segment.Name)));
        Assert.True(result.TotalTime >= result.SetupTime + result.Downtime);
    }

    private static void AssertForecastHasTheSegments(MigrationResult result)
    {
        Assert.Equal(
            result.DowntimeBreakdown!.Segments.Where(segment => segment.Name != "verify").Select(segment => segment.Name),
            result.Forecast!.Parts.Select(part => part.Name));
        Assert.Equal(result.ExpectedDowntime!.Value * 1e3, result.Forecast.Parts.Sum(part => part.ExpectedUs), 1.0);
        Assert.Equal(100 * (result.Downtime!.Value - result.ExpectedDowntime.Value) / result.ExpectedDowntime.Value, result.ForecastErrorPercent!.Value, 1e-6);
    }

    private static void AssertEveryFieldIsThere(MigrationResult result)
    {
        using var document = JsonDocument.Parse(result.ToJson());
        foreach (var (path, fields) in _fields)
        {
            var element = document.RootElement;
            foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries)) element = element.GetProperty(name);
            if (element.ValueKind == JsonValueKind.Array) element = element[0];
            foreach (var field in fields.Split(' '))
                Assert.True(element.TryGetProperty(field, out _), $"'{path}' lacks '{field}'.");
        }
        Assert.Equal("dataplane.migration/1", document.RootElement.GetProperty("schema").GetString());
        Assert.Equal("completed", document.RootElement.GetProperty("status").GetString());
    }
}
