using System.Text.Json.Serialization;
using DataPlane.Core.Errors;
using DataPlane.Options;

namespace DataPlane.Results;

/// <summary>How the result document is written: names in kebab case, enums by name, nulls kept so that every field is always there.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    Converters =
    [
        typeof(KebabEnumConverter<MigrationStatus>),
        typeof(KebabEnumConverter<MigrationErrorCode>),
        typeof(KebabEnumConverter<MigrationSide>),
        typeof(KebabEnumConverter<VerifyMode>),
        typeof(KebabEnumConverter<IntegrityMode>),
    ])]
[JsonSerializable(typeof(MigrationResult))]
internal sealed partial class ResultJsonContext : JsonSerializerContext;
