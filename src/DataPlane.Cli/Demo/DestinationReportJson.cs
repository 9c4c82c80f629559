using System.Text.Json.Serialization;

namespace DataPlane.Cli.Demo;

/// <summary>How a <see cref="DestinationReport"/> goes through the pipe. Between two processes of one program, so no stable shape.</summary>
[JsonSerializable(typeof(DestinationReport))]
internal sealed partial class DestinationReportJson : JsonSerializerContext;
