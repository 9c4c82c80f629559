namespace DataPlane.Handover;

/// <summary>What became of an operator's verdict.</summary>
public enum HandoverOutcome
{
    /// <summary>It stands, or stood already.</summary>
    Resolved,

    /// <summary>The journal knows no such attempt.</summary>
    NoSuchAttempt,

    /// <summary>Nobody vouched that the other side is off, and no arbiter was named where one decides.</summary>
    NotVouched,

    /// <summary>The records, or the arbiter, say otherwise, and are not overruled.</summary>
    Contradicted,

    /// <summary>The process with the guest lives; it decides.</summary>
    Held,

    /// <summary>The records can not be read or written.</summary>
    Unusable,
}

/// <summary>What became of an operator's verdict, with a sentence for people.</summary>
public sealed record HandoverResolution(HandoverOutcome Outcome, string Message);
