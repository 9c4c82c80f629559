using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Control;

namespace DataPlane.Tools.Link;

/// <summary>What a handshake made: the control link, and the data channels to the server before those to the client. Whoever gets it owns it.</summary>
internal sealed record LinkConnection(ControlLink Link, IReadOnlyList<DataSocket> Data, LinkWays Ways, int Channels)
{
    /// <summary>Congestion control of the data channels; null where they have none.</summary>
    public string? Congestion { get; init; }

    public IReadOnlyList<DataSocket> ToServer => [.. Data.Take(Ways.HasFlag(LinkWays.ToServer) ? Channels : 0)];

    public IReadOnlyList<DataSocket> ToClient => [.. Data.Skip(Data.Count - (Ways.HasFlag(LinkWays.ToClient) ? Channels : 0))];

    /// <summary>How many data channels there are in all.</summary>
    public static int Count(LinkWays ways, int channels) => ways == LinkWays.Both ? 2 * channels : channels;
}
