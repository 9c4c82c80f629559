using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;

namespace DataPlane.Tools.Link;

/// <summary>Turns what went wrong into errors of this end. Shared parts know a source and a destination: the client stands for one, the server for the other.</summary>
internal static class LinkFaults
{
    public static MigrationSide Named(LinkSide side) => side == LinkSide.Client ? MigrationSide.Source : MigrationSide.Destination;

    public static string Peer(LinkSide side) => side == LinkSide.Client ? "server" : "client";

    /// <summary>What an exception means at <paramref name="side"/> in <paramref name="step"/>.</summary>
    public static MigrationError Of(Exception fault, LinkSide side, string step)
    {
        var error = Faults.From(fault, Named(side), step);
        if (error.PeerMessage is not null) return error;
        error = error with { Side = Named(side), Step = error.Step is "control" or "receive" ? step : error.Step };
        return error.Code != MigrationErrorCode.ConnectionLost || error.Message.Contains("Check", StringComparison.Ordinal) ? error
            : error with { Message = $"{error.Message} The {Peer(side)} has ended, or the network between is broken: look at its words, and start it again." };
    }

    /// <summary>What the peer said of its failure.</summary>
    public static MigrationError FromPeer(FailedMessage failed, LinkSide side) => new(
        Enum.IsDefined(failed.Code) ? failed.Code : MigrationErrorCode.Internal, Named(side == LinkSide.Client ? LinkSide.Server : LinkSide.Client), failed.Step,
        $"The {Peer(side)} {(failed.Code == MigrationErrorCode.Refused ? "does not measure with this client" : "ended the measurement")}.", failed.Message);
}
