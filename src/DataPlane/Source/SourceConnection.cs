using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Control;

namespace DataPlane.Source;

/// <summary>What the handshake made: the control link and the data sockets, and what the destination said.</summary>
internal sealed record SourceConnection(
    ControlLink Link, IReadOnlyList<DataSocket> Data, AcceptMessage Accept, string? CongestionControl);
