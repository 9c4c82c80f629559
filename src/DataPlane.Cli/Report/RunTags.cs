using System.Text.Json;

namespace DataPlane.Cli.Report;

/// <summary>What a run of a <c>dataplane.stress/1</c> says of itself beside its result.</summary>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Comparison">Name of the comparison; null without one.</param>
/// <param name="Vary">The option that it varies; null without one.</param>
/// <param name="Value">The value of that.</param>
/// <param name="Number">Which repetition it is.</param>
/// <param name="Verdict"><c>passed</c>, <c>failed</c>, <c>void</c> or <c>interrupted</c>; null where it does not say.</param>
/// <param name="Why">Why not as expected, as sentences.</param>
/// <param name="Repeat">The command line that repeats it.</param>
internal sealed record RunTags(
    string Scenario, string? Comparison, string? Vary, string? Value, string? Number, string? Verdict, IReadOnlyList<string> Why, string? Repeat)
{
    /// <summary>Null for a document that is of no stress.</summary>
    public static RunTags? Of(JsonElement run) => run.ValueKind != JsonValueKind.Object || Text(run, "scenario") is not { } scenario ? null : new RunTags(
        scenario, Text(run, "comparison"), Text(run, "vary"), Text(run, "value"), Text(run, "run"), Text(run, "verdict"), Texts(run, "why"), Text(run, "repeat"));

    /// <summary>What is varied, over which the values stand side by side.</summary>
    public string Group => Vary is null ? Scenario : Comparison is null || Comparison == Vary ? $"{Scenario}: {Vary}" : $"{Scenario}, {Comparison}: {Vary}";

    /// <summary>What people call it.</summary>
    public string Title => Vary is null || Value is null ? Scenario : Comparison is null || Comparison == Vary ? $"{Vary} {Value}" : $"{Comparison}: {Vary} {Value}";

    /// <summary>The kind of run: repetitions of it have the same.</summary>
    public string Case => Value is null ? Group : $"{Group} {Value}";

    /// <summary>Whether its figures say something: one that proves nothing does not count, nor one that somebody ended.</summary>
    public bool Counts => Verdict is not ("void" or "interrupted");

    private static string? Text(JsonElement run, string name) => !run.TryGetProperty(name, out var value) ? null : Text(value);

    /// <summary>A number is as good as its digits. Escapes of half a character are none.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string> Texts(JsonElement run, string name) =>
        run.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(Text).OfType<string>()] : [];
}
