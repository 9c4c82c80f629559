using System.Text.Json;
using System.Text.Json.Serialization;
using DataPlane.Core.Traces;
using DataPlane.Guests.Recording;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Cli.Record;

/// <summary>What was recorded, and what it cost; the document of <c>record --json</c>.</summary>
internal sealed record RecordReport
{
    private const int HotRanges = 5;

    public string Schema { get; init; } = "dataplane.record/1";

    public required string File { get; init; }

    public required string Origin { get; init; }

    /// <summary>How written pages were found.</summary>
    public required string Method { get; init; }

    public required long MemoryBytes { get; init; }

    public required int Steps { get; init; }

    public required double DurationSeconds { get; init; }

    /// <summary>Each page once for every step in which it was written.</summary>
    public required long Pages { get; init; }

    public required double PagesPerSecond { get; init; }

    public required double DirtyBytesPerSecond { get; init; }

    public required long DistinctPages { get; init; }

    [JsonPropertyName("working-set-1s")]
    public required WorkingSetReport WorkingSet1s { get; init; }

    [JsonPropertyName("working-set-10s")]
    public required WorkingSetReport WorkingSet10s { get; init; }

    public required IReadOnlyList<HotRangeReport> Hottest { get; init; }

    public required ReadCostReport Reads { get; init; }

    /// <summary>Null where it is no guest of this program.</summary>
    public RecordedGuestReport? Guest { get; init; }

    public static RecordReport Of(string file, DirtyTrace trace, string method, RecordingProgress cost, RecordedGuestReport? guest) => new()
    {
        File = file,
        Origin = trace.Origin,
        Method = method,
        MemoryBytes = trace.MemoryBytes,
        Steps = trace.Steps.Length,
        DurationSeconds = trace.Duration.TotalSeconds,
        Pages = cost.Pages,
        PagesPerSecond = TraceFigures.PagesPerSecond(trace),
        DirtyBytesPerSecond = TraceFigures.PagesPerSecond(trace) * PageSize,
        DistinctPages = TraceFigures.DistinctPages(trace),
        WorkingSet1s = WorkingSetReport.Of(trace, 1),
        WorkingSet10s = WorkingSetReport.Of(trace, 10),
        Hottest = [.. TraceFigures.Hottest(trace, HotRanges).Select(hot => new HotRangeReport(hot.Range.First, hot.Range.Count, hot.Writes))],
        Reads = ReadCostReport.Of(cost),
        Guest = guest,
    };

    public string ToJson() => JsonSerializer.Serialize(this, RecordReportJson.Default.RecordReport);
}
