using System.Text.Json.Serialization;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Report;

/// <summary>The shape that <see cref="LinkReadJson"/> reads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LinkResult))]
internal sealed partial class LinkReadJsonContext : JsonSerializerContext;
