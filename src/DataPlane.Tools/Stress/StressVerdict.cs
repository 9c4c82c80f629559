namespace DataPlane.Tools.Stress;

/// <summary>What a run comes to.</summary>
internal enum StressVerdict
{
    /// <summary>It ended as expected.</summary>
    Passed,

    /// <summary>It did not.</summary>
    Failed,

    /// <summary>It ended as expected, and proves nothing: the guest was to write and no pass found anything written, or the link was to fail and did not.</summary>
    Void,

    /// <summary>Somebody ended it.</summary>
    Interrupted,
}
