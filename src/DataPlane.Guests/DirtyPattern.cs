namespace DataPlane.Guests;

/// <summary>Which pages are written, and when. The numbers are part of a guest's saved state.</summary>
public enum DirtyPattern
{
    /// <summary>Any page, all alike.</summary>
    Uniform = 0,

    /// <summary>One page after the other, round and round.</summary>
    Sequential = 1,

    /// <summary>Nine of ten writes to the working set, the rest anywhere.</summary>
    HotCold = 2,

    /// <summary>
    /// Few pages often, many seldom: the page of rank r about in proportion to r^-0.99, ranks scattered over memory.
    /// </summary>
    Zipf = 3,

    /// <summary>Pages as in <see cref="HotCold"/>; half a second at twice the rate, then half a second of silence.</summary>
    Burst = 4,

    /// <summary>What a recorded trace says. Chosen by <see cref="DirtyOrders.Replay"/>, not by name.</summary>
    Replay = 5,
}
