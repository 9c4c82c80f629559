using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataPlane.Results;

/// <summary>Enum members in kebab case: <c>LayoutMismatch</c> is <c>layout-mismatch</c>.</summary>
internal sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
