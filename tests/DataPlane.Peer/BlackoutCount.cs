namespace DataPlane.Peer;

/// <summary>What the first migration of a process did between the call that stopped the guest and the return of the one that resumed it.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Methods">Methods that were compiled.</param>
/// <param name="Names">Their names, as far as the runtime tells.</param>
/// <param name="Bytes">Managed bytes that both sides allocated.</param>
internal sealed record BlackoutCount(string Status, long Methods, IReadOnlyList<string> Names, long Bytes);
