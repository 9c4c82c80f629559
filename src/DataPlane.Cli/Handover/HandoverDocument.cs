using System.Text.Json;
using System.Text.Json.Serialization;
using DataPlane.Core.Errors;
using DataPlane.Handover;

namespace DataPlane.Cli.Handover;

/// <summary>What <c>handover status --json</c> writes.</summary>
internal sealed record HandoverDocument(string Schema, string Journal, IReadOnlyList<HandoverReport> Attempts)
{
    public const string SchemaName = "dataplane.handover/1";
}

/// <summary>Names in kebab case, as in the result document.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    Converters = [typeof(SmallLetters<MigrationSide>), typeof(SmallLetters<HandoverOwner>)])]
[JsonSerializable(typeof(HandoverDocument))]
internal sealed partial class HandoverJson : JsonSerializerContext
{
    internal sealed class SmallLetters<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
        where T : struct, Enum;
}
