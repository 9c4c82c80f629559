using System.Text.Json.Serialization;

namespace DataPlane.Peer;

/// <summary>How requests and answers are written. Between two programs of one build, so no stable shape.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PeerRequest))]
[JsonSerializable(typeof(PeerReply))]
internal sealed partial class PeerJson : JsonSerializerContext;
