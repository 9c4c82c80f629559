using DataPlane.Core.Errors;

namespace DataPlane.Destination;

/// <summary>A connection is not taken. Stays within the reception, which counts it.</summary>
internal sealed class RefusalException(RefusalKind kind, string message, MigrationErrorCode code = MigrationErrorCode.ProtocolViolation)
    : Exception(message)
{
    public RefusalKind Kind { get; } = kind;

    /// <summary>Whether the peer was there to be told: then this is why it went, whatever ended it afterwards.</summary>
    public bool WasTold { get; set; }

    /// <summary>What a source is told.</summary>
    public MigrationError Error { get; } = new(code, MigrationSide.Destination, "handshake", message);
}
