using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace DataPlane.Tools.Stress.Results;

/// <summary>
/// The document <c>dataplane.stress/1</c>: <c>runs</c>, each a whole <c>dataplane.migration/1</c> with what it was of beside its own fields, and the
/// <c>summary</c>. What is not known is null.
/// </summary>
internal static class StressDocument
{
    private static readonly JsonSerializerOptions _written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // As the result document: nothing here becomes HTML.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static string Of(IReadOnlyList<StressRun> runs, ulong seed, bool interrupted)
    {
        var summary = StressSummary.Of(runs);
        var together = Figures(summary.All);
        together["comparisons"] = new JsonArray([.. summary.Cases.Select(one => Merge(Naming(one.Case!), Figures(one)))]);
        return new JsonObject
        {
            ["schema"] = "dataplane.stress/1",
            ["seed"] = seed,
            ["interrupted"] = interrupted,
            ["runs"] = new JsonArray([.. runs.Select(Run)]),
            ["summary"] = together,
        }.ToJsonString(_written);
    }

    /// <summary>One run as it stands in <c>runs</c>.</summary>
    public static JsonObject Run(StressRun run)
    {
        var result = JsonNode.Parse(run.Result.ToJson())!.AsObject();
        return Merge(result, Naming(run.Round.Case), new JsonObject
        {
            ["run"] = run.Round.Number,
            ["guest"] = run.Guest,
            ["move"] = run.Move,
            ["seed"] = run.Round.Seed,
            ["link"] = run.Link,
            ["faults-struck"] = run.FaultsStruck,
            ["expected"] = Name(run.Expected),
            ["verdict"] = Name(run.Verdict),
            ["why"] = new JsonArray([.. run.Why.Select(why => (JsonNode)why)]),
            ["repeat"] = run.Repeat,
        });
    }

    private static JsonObject Naming(StressCase one) => new()
    {
        ["scenario"] = one.Scenario,
        ["comparison"] = one.Comparison,
        ["vary"] = one.Knob,
        ["value"] = one.Value,
    };

    private static JsonObject Figures(StressFigures figures) => new()
    {
        ["runs"] = figures.Runs,
        ["completed"] = figures.Completed,
        ["failed"] = figures.Failed,
        ["unexpected"] = figures.Unexpected,
        ["void"] = figures.Void,
        ["over-limit"] = figures.OverLimit,
        ["downtime-ms"] = Spread(figures.Downtime),
        ["total-time-ms"] = Spread(figures.TotalTime),
        ["forecast-error-percent"] = Spread(figures.ForecastError),
        ["mbps"] = Spread(figures.Mbps),
        ["dirty-bytes-per-second"] = Spread(figures.DirtyRate),
        ["slowdown-percent"] = Spread(figures.Slowdown),
        ["bottleneck"] = figures.Bottleneck,
    };

    private static JsonObject? Spread(StressSpread? spread) => spread is null ? null
        : new JsonObject { ["p50"] = spread.P50, ["p90"] = spread.P90, ["p99"] = spread.P99, ["max"] = spread.Max };

    private static JsonObject Merge(JsonObject into, params ReadOnlySpan<JsonObject> others)
    {
        foreach (var other in others)
            foreach (var (name, value) in other.ToArray())
            {
                _ = other.Remove(name);
                into[name] = value;
            }
        return into;
    }

    private static string Name<T>(T member)
        where T : struct, Enum => member.ToString().ToLowerInvariant();
}
