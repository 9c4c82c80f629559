namespace DataPlane.Control.Timeline;

/// <summary>
/// The destination's clock against the source's, from the answers to pings, and tightened by the times that the handover's messages carry.
/// Every message bounds it from one side, since none is heard before it was said; over some seconds the bounds leave only lines of little
/// slope, of which the middle is taken and the furthest is the error. So delays may be as one-sided as they like, and a drift is found rather
/// than assumed. Times in nanoseconds; for any thread.
/// </summary>
internal sealed class ClockSync
{
    /// <summary>How far back answers count: a rate is steady for that long, and a clock that was set before does not matter.</summary>
    public const long Window = 10_000_000_000;

    // Twenty answers come in ten seconds (one each half second), eight while setting up; a long blackout adds more.
    private const int Kept = 64;

    private readonly object _gate = new();
    private readonly (long Sent, long Answered, long Heard)[] _answers = new (long, long, long)[Kept];
    private long _count;

    /// <summary>Whether any answer has come.</summary>
    public bool Known
    {
        get
        {
            lock (_gate) return _count > 0;
        }
    }

    /// <summary>
    /// A ping sent at <paramref name="sent"/> was answered at <paramref name="answered"/> (peer's clock) and heard at <paramref name="heard"/>.
    /// One that can not be is ignored.
    /// </summary>
    public void Add(long sent, long answered, long heard)
    {
        if (heard < sent || !ClockBound.CanBe(sent) || !ClockBound.CanBe(answered) || !ClockBound.CanBe(heard)) return;
        lock (_gate) _answers[_count++ % Kept] = (sent, answered, heard);
    }

    /// <summary>
    /// The clocks from <paramref name="from"/> to <paramref name="to"/> (source's times; a blackout), by all answers of the ten seconds before and of the time itself,
    /// the newest first: at the first that does not fit the rest is left. Then by <paramref name="words"/>, each where it fits.
    /// </summary>
    public ClockFit Fit(long from, long to, params ReadOnlySpan<ClockBound> words)
    {
        lock (_gate)
        {
            if (_count == 0) return default;
            var newest = _answers[(_count - 1) % Kept];
            var lines = new ClockLines(from, newest.Answered - newest.Sent);
            var stepped = false;
            for (var i = _count - 1; i >= Math.Max(0, _count - Kept) && !stepped; i--)
            {
                var (sent, answered, heard) = _answers[i % Kept];
                if (lines.IsBounded && from - heard > Window) break;
                stepped = !lines.TryAdd(ClockBound.FromSource(sent, answered), ClockBound.FromDestination(answered, heard));
            }
            var contradicted = false;
            foreach (var word in words) contradicted |= !lines.TryAdd(word);
            var (lead, rate, error) = lines.Middle(from, to);
            return new ClockFit
            {
                Known = true,
                At = from,
                Offset = newest.Answered - newest.Sent + (long)Math.Round(lead),
                Rate = rate,
                Error = (long)Math.Ceiling(error) + 1, // And what was rounded off.
                Stepped = stepped,
                Contradicted = contradicted,
            };
        }
    }
}
