namespace DataPlane.Transport.Sending;

/// <summary>
/// One channel's way round and round its stripes. In the first round it takes them, its home and what others leave; in all others it goes through those again: from its first
/// frame on a stripe is this channel's, so that two versions of a page travel on one ordered stream. Used by one thread.
/// </summary>
internal sealed class StripeWalk(StripeLots lots, int channel)
{
    private int _home = channel;
    private int _others = lots.Count - 1;
    private int _first = -1;
    private int _last = -1;
    private int _lot = -1;
    private int _stripe;
    private int _end;

    /// <summary>How many stripes it has.</summary>
    public int Count { get; private set; }

    /// <summary>Whether all have been handed out: from now on it has what it has.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>The next stripe; -1 at the end of a round.</summary>
    public int Next()
    {
        if (_stripe < _end) return _stripe++;
        _lot = !IsSettled ? Take() : _lot < 0 ? _first : lots.After(_lot);
        if (_lot < 0) return -1;
        (_stripe, _end) = lots.Range(_lot);
        return _stripe++;
    }

    /// <summary>Passes over stripes without a marked page, at most to the end of the lot. Returns how many: the next one is as if they had been handed out.</summary>
    public int SkipClean()
    {
        var from = _stripe;
        _stripe = lots.FirstMarked(from, _end);
        return _stripe - from;
    }

    private int Take()
    {
        var lot = Find();
        if (lot < 0)
        {
            IsSettled = true;
            return -1;
        }
        if (_last < 0) _first = lot;
        else lots.Append(_last, lot);
        _last = lot;
        var (first, end) = lots.Range(lot);
        Count += end - first;
        return lot;
    }

    // Home forwards, the others' from their end: they come from the front, and keep the first, so that nobody comes too late for any.
    private int Find()
    {
        for (; _home < lots.Count; _home += lots.Channels)
            if (lots.TryTake(_home)) return _home;
        for (; _others >= lots.Channels; _others--)
            if (lots.IsWorthTaking(_others) && lots.TryTake(_others)) return _others;
        return -1;
    }
}
