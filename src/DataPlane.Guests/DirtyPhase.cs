namespace DataPlane.Guests;

/// <summary>A stretch of time in which a guest writes in a way of its own; after the last of its phases comes the first again.</summary>
/// <param name="Pattern">Which pages.</param>
/// <param name="Duration">For how long, at least 1 ms.</param>
/// <param name="BytesPerSecond">As <see cref="DirtyOrders.BytesPerSecond"/>; null: what that is.</param>
public sealed record DirtyPhase(DirtyPattern Pattern, TimeSpan Duration, long? BytesPerSecond = null);
