using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Cli.Report;

/// <summary>How a result document is read: strictly, since a field that is not there would be shown as one that is not known.</summary>
internal static class ResultReadJson
{
    private static readonly ResultReadJsonContext _context = new(new JsonSerializerOptions(ResultReadJsonContext.Default.Options)
    {
        Converters =
        {
            Named<MigrationStatus>(), Named<MigrationErrorCode>(), Named<MigrationSide>(), Named<VerifyMode>(), Named<IntegrityMode>(),
        },
    });

    public static JsonTypeInfo<MigrationResult> Result => _context.MigrationResult;

    /// <summary>Enums by their names alone.</summary>
    public static JsonStringEnumConverter<T> Named<T>()
        where T : struct, Enum => new(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
}
