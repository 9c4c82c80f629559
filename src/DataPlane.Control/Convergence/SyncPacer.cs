namespace DataPlane.Control.Convergence;

/// <summary>
/// How often the dirty sources are read: not before max(5 ms, 4 times the last read's cost) after the last one, so that at most a
/// fifth of the time goes into reading. 5 ms of wire at 8 GB/s are 40 MB, far more than the read of a small guest costs.
/// </summary>
internal sealed class SyncPacer
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(5);
    private TimeSpan _gap = Least;

    /// <summary>How long to wait yet, <paramref name="sinceLast"/> after the last read ended.</summary>
    public TimeSpan Wait(TimeSpan sinceLast) => sinceLast >= _gap ? TimeSpan.Zero : _gap - sinceLast;

    /// <summary>A read took <paramref name="cost"/>.</summary>
    public void Read(TimeSpan cost) => _gap = cost * 4 > Least ? cost * 4 : Least;
}
