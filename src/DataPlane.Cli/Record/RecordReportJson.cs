using System.Text.Json.Serialization;

namespace DataPlane.Cli.Record;

/// <summary>How a <see cref="RecordReport"/> is written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(RecordReport))]
internal sealed partial class RecordReportJson : JsonSerializerContext;
