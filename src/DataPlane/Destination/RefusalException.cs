using DataPlane.Core.Errors;

namespace DataPlane.Destination;

/// <summary>A connection is not taken. Stays within the reception, which counts it.</summary>
internal sealed class RefusalException(RefusalKind kind, string message, MigrationErrorCode code = MigrationErrorCode.ProtocolViolation)
    : Exception(message)
{
    public RefusalKind Kind { get; } = kind;

    /// <summary>What a source is told.</summary>
    public MigrationError Error { get; } = new(code, MigrationSide.Destination, "handshake", message);
}
