namespace DataPlane.Tools.Link;

/// <summary>How a measurement ended.</summary>
public enum LinkStatus
{
    /// <summary>All was measured.</summary>
    Completed,

    /// <summary>Something broke; what was measured until then stands in the result.</summary>
    Failed,

    /// <summary>Called off; what was measured until then stands in the result.</summary>
    Cancelled,
}
