using System.Text.Json.Serialization;

namespace DataPlane.Cli.Doctor;

/// <summary>How a <see cref="DoctorReport"/> is written: names in kebab case, nulls kept.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(HostDescription))]
internal sealed partial class DoctorReportJson : JsonSerializerContext;
