using DataPlane.Core.Errors;

namespace DataPlane.Tools.Link;

/// <summary>What went wrong: who found it, in which step, and what to do.</summary>
/// <param name="Code">Stable name of the code.</param>
/// <param name="Number">Stable number of the code.</param>
/// <param name="Side">The side that found it.</param>
/// <param name="Step"><c>connect</c>, <c>handshake</c>, <c>setup</c>, <c>bulk</c>, <c>drain</c>, <c>final-set</c> or <c>switchover</c>.</param>
/// <param name="Message">A sentence with the facts in it, and what to do.</param>
/// <param name="PeerMessage">The server's own words; null where it said none.</param>
public sealed record LinkErrorReport(MigrationErrorCode Code, int Number, LinkSide Side, string Step, string Message, string? PeerMessage)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => $"{(Side == LinkSide.Client ? "client" : "server")}, {Step}: {Message}{(PeerMessage is null ? "" : $" The server says: {PeerMessage}")}";

    // Parts that a migration uses too know a source and a destination; here whoever did not speak as a peer is this side.
    internal static LinkErrorReport Of(MigrationError error) =>
        new(error.Code, (int)error.Code, error.PeerMessage is null ? LinkSide.Client : LinkSide.Server, error.Step, error.Message, error.PeerMessage);
}
