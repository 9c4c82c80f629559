using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Tools.Link;

/// <summary>Writes the document as a migration's is written.</summary>
internal static class LinkJson
{
    private static readonly LinkJsonContext _context =
        new(new JsonSerializerOptions(LinkJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Write(LinkResult result) => JsonSerializer.Serialize(result, _context.LinkResult);
}

/// <summary>Names in kebab case, enums by name, nulls kept so that every field is always there.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    Converters = [typeof(KebabEnumConverter<LinkStatus>), typeof(KebabEnumConverter<LinkDirection>), typeof(KebabEnumConverter<LinkSide>), typeof(KebabEnumConverter<MigrationErrorCode>)])]
[JsonSerializable(typeof(LinkResult))]
internal sealed partial class LinkJsonContext : JsonSerializerContext;
