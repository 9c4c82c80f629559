namespace DataPlane.Peer;

/// <summary>How a migration ended for this side.</summary>
/// <param name="Status">As in its result.</param>
/// <param name="Error">What failed, as one line; null where nothing did.</param>
/// <param name="Passes">How many there were.</param>
/// <param name="PagesCompared">How many pages were found alike on both sides.</param>
internal sealed record MoveOutcome(string Status, string? Error, int Passes, long PagesCompared);
