using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Tools.Predict;

/// <summary>Writes the document as a migration's is written.</summary>
internal static class PredictionJson
{
    private static readonly PredictionJsonContext _context =
        new(new JsonSerializerOptions(PredictionJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Write(Prediction prediction) => JsonSerializer.Serialize(prediction, _context.Prediction);
}

/// <summary>Names in kebab case, enums by name, nulls kept so that every field is always there.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    Converters = [typeof(KebabEnumConverter<PredictVerdict>), typeof(KebabEnumConverter<PageCompression>)])]
[JsonSerializable(typeof(Prediction))]
internal sealed partial class PredictionJsonContext : JsonSerializerContext;
