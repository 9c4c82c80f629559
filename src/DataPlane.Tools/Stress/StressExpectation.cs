namespace DataPlane.Tools.Stress;

/// <summary>How a run is expected to end.</summary>
internal enum StressExpectation
{
    /// <summary>The guest moves.</summary>
    Completed,

    /// <summary>The guest stays, whole, at the source.</summary>
    Failed,

    /// <summary>Either: exactly one side has the guest, whole, and both know which.</summary>
    Safe,
}
