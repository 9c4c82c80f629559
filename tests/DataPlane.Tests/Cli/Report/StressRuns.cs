using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataPlane.Results;

namespace DataPlane.Tests.Cli.Report;

/// <summary>Documents of a stress, made of results.</summary>
internal static class StressRuns
{
    /// <summary>A <c>dataplane.stress/1</c> with <paramref name="runs"/>.</summary>
    public static string Document(params IEnumerable<JsonObject> runs) => new JsonObject
    {
        ["schema"] = "dataplane.stress/1", ["seed"] = 7, ["runs"] = new JsonArray([.. runs]), ["summary"] = new JsonObject(),
    }.ToJsonString();

    /// <summary>Each value of a comparison of channels, five times.</summary>
    public static IEnumerable<JsonObject> Channels(double factor = 1) =>
        from value in (string[])["1", "2", "8"]
        from repetition in Enumerable.Range(1, 5)
        let base10 = 10 * int.Parse(value, CultureInfo.InvariantCulture)
        select Run(ReportPages.Completed(base10 + repetition, 1000 * factor, 1000 * base10), value, repetition);

    public static JsonObject Run(MigrationResult result, string value, int repetition, string verdict = "passed", string? why = null)
    {
        var run = JsonNode.Parse(result.ToJson())!.AsObject();
        run["scenario"] = "channels";
        run["comparison"] = "channels";
        run["vary"] = "channels";
        run["value"] = value;
        run["run"] = repetition;
        run["seed"] = JsonSerializer.SerializeToNode(18_000_000_000_000_000_000UL);
        run["verdict"] = verdict;
        run["why"] = why is null ? new JsonArray() : new JsonArray(why);
        run["repeat"] = $"dataplane stress channels --only {value} --seed {repetition}";
        run["guest-work"] = JsonNode.Parse(
            """
            { "before-milliseconds-per-gigabyte": 1000, "during-milliseconds-per-gigabyte": 1250, "after-milliseconds-per-gigabyte": null, "slowdown-percent": 25,
              "samples": [ { "at-ms": -200, "milliseconds-per-gigabyte": 1000 }, { "at-ms": 0, "milliseconds-per-gigabyte": null }, { "at-ms": 300, "milliseconds-per-gigabyte": 1250 } ] }
            """);
        return run;
    }
}
