using System.Text.Json.Nodes;

namespace DataPlane.Results;

/// <summary>What was saved as one section of the device state.</summary>
/// <param name="Id">The section's name.</param>
/// <param name="Version">The version of its contents.</param>
/// <param name="DeclaredSize">Bytes that were announced.</param>
/// <param name="Size">Bytes that were saved.</param>
/// <param name="Crc32c">Their CRC32C, eight hexadecimal digits: the one that travelled with them.</param>
/// <param name="Description">What the host says of them; null where it has nothing to say.</param>
/// <param name="Fault">Why it could not say anything; null otherwise.</param>
public sealed record DeviceStateDescription(
    string Id, int Version, long DeclaredSize, long Size, string Crc32c, JsonNode? Description, string? Fault);
