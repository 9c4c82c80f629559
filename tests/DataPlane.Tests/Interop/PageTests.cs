using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DataPlane.Native.Migrations;
using DataPlane.Results;
using DataPlane.Tests.House;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>What interop's pages say of the JSON texts is what those hold.</summary>
public sealed partial class PageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "interop", "JSON.md"));

    [Fact]
    public void Every_key_of_the_result_stands_on_the_page() => AssertNamed(KeysOf(typeof(MigrationResult), []));

    [Fact]
    public void Every_key_of_progress_stands_on_the_page()
    {
        var progress = new MigrationProgress
        {
            Status = MigrationStatus.Active, Pass = 1, Elapsed = default, TotalBytes = 1, TransferredBytes = 1, ChannelBytes = [1],
            Forecast = new DowntimeForecast(1, 1, 1, [new DowntimeForecastPart("stop", 1, 1, 1)]),
        };
        AssertNamed(KeysIn(JsonNode.Parse(ProgressJson.Write(progress))!));
    }

    [Fact]
    public void Every_key_on_the_page_is_one()
    {
        var known = KeysOf(typeof(MigrationResult), []).Concat(StatusWords()).Concat(Words).ToHashSet(StringComparer.Ordinal);
        known.UnionWith(["elapsed-ms", "total-bytes", "transferred-bytes", "remaining-bytes", "bytes-per-second", "channel-bytes"]);
        string[] strange = [.. Ticked().Matches(Page).Select(match => match.Groups[1].Value).Where(word => !known.Contains(word)).Distinct()];
        Assert.True(strange.Length == 0, $"No keys: {string.Join(", ", strange)}");
    }

    // Values, and names of other things.
    private static readonly string[] Words =
    [
        "null", "false", "source", "destination", "network", "scan", "compress", "cap", "headers", "pages", "digest", "full", "populated", "unmapped", "fresh", "continue", "switch", "force",
        "give-up", "refuse", "ask", "final", "describe", "query-migrate", "--json",
    ];

    private static IEnumerable<string> StatusWords() => Enum.GetNames<MigrationStatus>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName);

    private static void AssertNamed(IEnumerable<string> keys)
    {
        string[] missing = [.. keys.Where(key => !Page.Contains($"`{key}`", StringComparison.Ordinal)).Distinct()];
        Assert.True(missing.Length == 0, $"Not on the page: {string.Join(", ", missing)}");
    }

    private static IEnumerable<string> KeysOf(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) yield break;
        foreach (var property in type.GetProperties())
        {
            yield return JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name);
            var of = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (typeof(IEnumerable).IsAssignableFrom(of) && of.IsGenericType) of = of.GetGenericArguments()[0];
            if (of.Namespace != typeof(MigrationResult).Namespace || of.IsEnum) continue;
            foreach (var key in KeysOf(of, seen)) yield return key;
        }
    }

    private static IEnumerable<string> KeysIn(JsonNode node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Value is null ? [field.Key] : KeysIn(field.Value).Prepend(field.Key)),
        JsonArray elements => elements.SelectMany(element => KeysIn(element!)),
        _ => [],
    };

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Ticked();
}
