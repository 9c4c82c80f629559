namespace DataPlane.Handover;

/// <summary>What a destination said of one attempt.</summary>
/// <param name="Image">The guest image.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Word"><c>running</c> there; <c>never</c>, <c>returned</c>, <c>failed</c>: it does not run it; <c>died</c>: it did; <c>over</c>: it runs it, and had waited to hear that nobody asks any more; <c>unknown</c>.</param>
public sealed record HandoverAnswer(Guid Image, long Attempt, string Word);
