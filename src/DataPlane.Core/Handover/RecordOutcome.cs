namespace DataPlane.Core.Handover;

/// <summary>How the writing of a record ended.</summary>
internal enum RecordOutcome
{
    /// <summary>It stands; or stood already.</summary>
    Written,

    /// <summary>It was not written, for certain: what stood before stands.</summary>
    Refused,

    /// <summary>Whether it stands is not known.</summary>
    InDoubt,

    /// <summary>Another record stands, which this one may not follow.</summary>
    Found,
}
