using System.Text.Json;

namespace DataPlane.Cli.Doctor;

/// <summary>A host's description as one doctor sends it to another.</summary>
internal static class DoctorJson
{
    public static string Write(HostDescription host) => JsonSerializer.Serialize(host, DoctorReportJson.Default.HostDescription);

    /// <summary>Null where the text is <c>null</c>; throws <see cref="JsonException"/> where it describes no host.</summary>
    public static HostDescription? ReadHost(string text) => JsonSerializer.Deserialize(text, DoctorReportJson.Default.HostDescription);
}
