namespace DataPlane.Control.Timeline;

/// <summary>
/// The destination's clock less the source's, from pings: the answer of the fastest round trip is the least disturbed, and its time
/// lies somewhere within that round trip, so half of it bounds the error. Times in nanoseconds. Not for several threads.
/// </summary>
internal sealed class ClockSync
{
    private long _fastest = long.MaxValue;

    /// <summary>Whether any answer has come.</summary>
    public bool Known => _fastest != long.MaxValue;

    /// <summary>Destination's clock less the source's.</summary>
    public long Offset { get; private set; }

    /// <summary>At most how far <see cref="Offset"/> is off: half of <see cref="RoundTrip"/>, rounded up.</summary>
    public long Error => Known ? _fastest - (_fastest / 2) : 0;

    /// <summary>The fastest round trip; 0 before any.</summary>
    public long RoundTrip => Known ? _fastest : 0;

    /// <summary>A ping sent at <paramref name="sent"/> was answered at <paramref name="answered"/> (peer's clock) and heard at <paramref name="heard"/>.</summary>
    public void Add(long sent, long answered, long heard)
    {
        var roundTrip = heard - sent;
        if (roundTrip < 0 || roundTrip >= _fastest) return;
        _fastest = roundTrip;
        Offset = answered - (sent + (roundTrip / 2));
    }

    /// <summary>A time of the destination's clock on the source's.</summary>
    public long ToSource(long destination) => destination - Offset;
}
