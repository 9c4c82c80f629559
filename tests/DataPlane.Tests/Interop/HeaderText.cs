using System.Text.RegularExpressions;

namespace DataPlane.Tests.Interop;

/// <summary>What the header declares, read from its text.</summary>
internal static partial class HeaderText
{
    private static readonly string Code = Comment().Replace(string.Concat(Directory.EnumerateFiles(Toolchain.Include, "*.h").Order(StringComparer.Ordinal).Select(File.ReadAllText)), " ");

    /// <summary>Functions by name, each with its number of parameters.</summary>
    public static IReadOnlyDictionary<string, int> Functions { get; } = Read(Code);

    /// <summary>Constants by name.</summary>
    public static IReadOnlyDictionary<string, int> Numbers { get; } = Number().Matches(Code).ToDictionary(
        match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Structs that have fields here, each with their names in order.</summary>
    public static IReadOnlyDictionary<string, string[]> Structs { get; } = Struct().Matches(Code).ToDictionary(
        match => match.Groups[1].Value,
        match => match.Groups[2].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(FieldName).ToArray(), StringComparer.Ordinal);

    /// <summary>Functions by name in other C text.</summary>
    public static IReadOnlyDictionary<string, int> FunctionsOf(string file) => Read(Comment().Replace(File.ReadAllText(file), " "));

    /// <summary>struct_size is StructSize.</summary>
    public static string Pascal(string name) => string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(part => char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant()));

    private static Dictionary<string, int> Read(string code) => Function().Matches(code).ToDictionary(
        match => match.Groups[1].Value, match => match.Groups[2].Value.Trim() == "void" ? 0 : match.Groups[2].Value.Split(',').Length, StringComparer.Ordinal);

    private static string FieldName(string field) => Pointer().Match(field) is { Success: true } call ? call.Groups[1].Value : Last().Match(field).Groups[1].Value;

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:DP_API )?[\w ]+[ *](dpm?_\w+)\(([^;{]*)\);", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex(@"^#define (DP_\w+) \(?(-?\d+)\)?", RegexOptions.Multiline)]
    private static partial Regex Number();

    [GeneratedRegex(@"typedef struct (dp_\w+) \{(.*?)\n\} \1;", RegexOptions.Singleline)]
    private static partial Regex Struct();

    [GeneratedRegex(@"\(\*(\w+)\)")]
    private static partial Regex Pointer();

    [GeneratedRegex(@"(\w+)(?:\[\d+\])?$")]
    private static partial Regex Last();
}
