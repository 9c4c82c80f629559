namespace DataPlane.Core.Errors;

/// <summary>What went wrong, as a value: a stable code, the side that found it, the step it was in, and a sentence.</summary>
/// <param name="Code">Stable number.</param>
/// <param name="Side">The side that found the fault.</param>
/// <param name="Step">What was being done: <c>connect</c>, <c>handshake</c>, <c>pass</c>, <c>fence</c>, <c>stop</c>, ...</param>
/// <param name="Message">A sentence with the facts in it, and what to do where something can be done.</param>
/// <param name="PeerMessage">The peer's own words, where it said any.</param>
public sealed record MigrationError(
    MigrationErrorCode Code, MigrationSide Side, string Step, string Message, string? PeerMessage = null)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"{Side.ToString().ToLowerInvariant()}, {Step}: {Message}{(PeerMessage is null ? "" : $" The peer says: {PeerMessage}")}";
}
