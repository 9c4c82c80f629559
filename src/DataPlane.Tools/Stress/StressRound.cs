namespace DataPlane.Tools.Stress;

/// <summary>One start of a case: a guest, or several beside each other.</summary>
/// <param name="Case">What is migrated, and how.</param>
/// <param name="Number">How often the case has been started by then, from 1.</param>
/// <param name="Seed">From which all in it that is random derives.</param>
internal sealed record StressRound(StressCase Case, int Number, ulong Seed);
