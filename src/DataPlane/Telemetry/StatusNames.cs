using System.Text.Json;
using DataPlane.Results;

namespace DataPlane.Telemetry;

/// <summary>The names of statuses as they stand in the result document: QEMU's.</summary>
internal static class StatusNames
{
    private static readonly string[] Names = [.. Enum.GetNames<MigrationStatus>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
    private static readonly MigrationStatus[] Values = Enum.GetValues<MigrationStatus>();

    public static string Of(MigrationStatus status) => Names[Array.IndexOf(Values, status)];
}
