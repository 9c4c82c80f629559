namespace DataPlane.Tools.Predict;

/// <summary>Where a guest writes; the patterns of the synthetic guests, by their names.</summary>
public enum PredictPattern
{
    /// <summary>Nine of ten writes to the working set, the rest anywhere.</summary>
    HotCold,

    /// <summary>Any page, all alike.</summary>
    Uniform,

    /// <summary>One page after the other, round and round.</summary>
    Sequential,

    /// <summary>Few pages often, many seldom: the page of rank r about in proportion to r^-0.99.</summary>
    Zipf,

    /// <summary>Pages as in <see cref="HotCold"/>; half a second at twice the rate, then half a second of silence.</summary>
    Burst,
}
