using System.Text.Json.Serialization;
using DataPlane.Results;

namespace DataPlane.Cli.Report;

/// <summary>The shape that <see cref="ResultReadJson"/> reads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MigrationResult))]
internal sealed partial class ResultReadJsonContext : JsonSerializerContext;
