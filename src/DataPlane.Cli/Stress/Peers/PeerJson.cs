using System.Text.Json.Serialization;

namespace DataPlane.Cli.Stress.Peers;

/// <summary>How orders and answers are written. Between processes of one program, so no stable shape.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PeerRequest))]
[JsonSerializable(typeof(PeerReply))]
internal sealed partial class PeerJson : JsonSerializerContext;
