using System.Text.Json.Serialization;

namespace DataPlane.Cli.Report.Compare;

/// <summary>How a <see cref="Comparison"/> is written: names in kebab case, nulls kept.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(Comparison))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
