using System.Text.Json;

namespace DataPlane.Cli.Run;

/// <summary>What the reader of JSON finds wrong, for people: lines and bytes count from 1, and no type of this program is named.</summary>
internal static class JsonWords
{
    private const string Missing = "including: ";

    /// <summary>Of a text that is no JSON.</summary>
    public static string NoJson(JsonException fault) =>
        $"it is not JSON: line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}: {Words(fault.Message)}";

    /// <summary>Of JSON that has not what it should have.</summary>
    public static string NotWhole(Exception fault) => fault switch
    {
        // The only place where the fields are named; the words before them name the type that lacks them.
        JsonException lacking when lacking.Message.IndexOf(Missing, StringComparison.Ordinal) is >= 0 and var at =>
            $"{lacking.Message[(at + Missing.Length)..].Split(" Path:")[0].TrimEnd('.').Replace('\'', '"')} missing{In(lacking.Path)}",
        JsonException { Path: { Length: > 1 } path } => $"{path} is none of what it may be",
        InvalidOperationException => "a text in it has half of a character",
        _ => "a field is none of what it may be",
    };

    // Of what ends too early the reader says how deep it still is.
    private static string Words(string message) =>
        message.StartsWith("Expected depth to be zero", StringComparison.Ordinal) ? "it ends in the middle" : message.Split(" LineNumber:")[0].TrimEnd('.');

    private static string In(string? path) => path is { Length: > 1 } ? $" in {path}" : "";
}
