using DataPlane.Core.Errors;

namespace DataPlane.Handover;

/// <summary>Whose guest it is, as far as one side's records tell.</summary>
public enum HandoverOwner
{
    /// <summary>The source's.</summary>
    Source,

    /// <summary>The destination's.</summary>
    Destination,

    /// <summary>These records can not tell: the other side's word is needed, an arbiter's, or an operator's.</summary>
    Uncertain,
}

/// <summary>One record and when it was written.</summary>
/// <param name="Record"><c>open</c>, <c>prepared</c>, <c>taken</c>, <c>never</c>, <c>returned</c>, <c>given</c>, <c>kept</c>, <c>released</c>.</param>
/// <param name="Time">When, by the host's clock.</param>
public sealed record HandoverRecordReport(string Record, DateTimeOffset Time);

/// <summary>What one journal says of one attempt to move a guest.</summary>
public sealed record HandoverReport
{
    /// <summary>The guest image.</summary>
    public required Guid Image { get; init; }

    /// <summary>The attempt, from 1.</summary>
    public required long Attempt { get; init; }

    /// <summary>Whose records these are: the side that this host was.</summary>
    public required MigrationSide Side { get; init; }

    /// <summary>The records, oldest first; the last one counts.</summary>
    public required IReadOnlyList<HandoverRecordReport> Records { get; init; }

    /// <summary>Whose guest it is.</summary>
    public required HandoverOwner Owner { get; init; }

    /// <summary>Whether a process holds the records: the one with the guest's memory lives.</summary>
    public required bool Held { get; init; }

    /// <summary>Whether all of it was written since this host booted.</summary>
    public required bool ThisBoot { get; init; }

    /// <summary>Whether an arbiter decides.</summary>
    public required bool Arbiter { get; init; }

    /// <summary>A sentence: what that means, and what can be done.</summary>
    public required string Meaning { get; init; }
}
