namespace DataPlane.Tests.Trouble;

/// <summary>
/// A migration ended, or was over, before the case's moment came: on a machine whose cores are taken a good peer may be too late for timeouts as
/// short as these. Nothing was tried, so it is tried again.
/// </summary>
internal sealed class MomentMissedException(string ended) : Exception($"The moment did not come: {ended}.");
