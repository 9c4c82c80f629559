namespace DataPlane.Tools.Shaping;

/// <summary>What goes wrong on a link, and when.</summary>
/// <remarks>
/// Whatever is drawn is drawn from <see cref="Seed"/>. Bytes are those that go towards the destination. Which connection carries the byte at which a fault strikes is a
/// matter of how the connections run, so with several of them a plan repeats its points, not always its victims.
/// </remarks>
public sealed record FaultPlan
{
    /// <summary>Where the random numbers begin. 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What goes wrong; each for itself.</summary>
    public IReadOnlyList<LinkFault> Faults { get; init; } = [];

    /// <summary>Every fault of this plan, each a sentence; empty when it can be used.</summary>
    public IReadOnlyList<string> Validate() => [.. Faults.SelectMany((fault, number) => fault.Validate().Select(words => $"{nameof(Faults)}[{number}]: {words}"))];
}
