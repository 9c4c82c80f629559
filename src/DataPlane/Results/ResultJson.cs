using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataPlane.Results;

/// <summary>
/// Writes the result document. Only what JSON must have escaped is escaped: a plus sign stays one that people can read, and nothing here
/// becomes HTML.
/// </summary>
internal static class ResultJson
{
    private static readonly ResultJsonContext _context =
        new(new JsonSerializerOptions(ResultJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Write(MigrationResult result) => JsonSerializer.Serialize(result, _context.MigrationResult);
}
