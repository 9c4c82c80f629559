namespace DataPlane.Transport.Sending;

/// <summary>
/// Hands all stripes to the channels in lots of neighbours, off one counter: a channel that is slower for a while takes less, and none is
/// left alone with its half. What a channel took it keeps, as a list through one table for all. For any thread.
/// </summary>
internal sealed class StripeLots
{
    // 16 MiB: 2 to 4 ms of a channel, which is what another may be left with at the end of the walk.
    private const int MostStripes = 8;

    private readonly int _stripes;
    private readonly int _size;
    private readonly int[] _next;
    private int _taken;

    /// <summary>Of so many stripes for so many channels: an eighth of a fair share each, where that is little. The first lots are kept for one channel each.</summary>
    public StripeLots(int stripes, int channels)
    {
        _stripes = stripes;
        _size = Math.Clamp(stripes / (channels * 8), 1, MostStripes);
        _next = new int[(stripes + _size - 1) / _size];
        _taken = channels;
    }

    /// <summary>The lot that is kept for <paramref name="channel"/>, so that none comes too late for any; -1 where there are too few.</summary>
    public int FirstOf(int channel) => channel < _next.Length ? channel : -1;

    /// <summary>The next lot that nobody has; -1 when there is none.</summary>
    public int Take()
    {
        if (Volatile.Read(ref _taken) >= _next.Length) return -1; // Asked again and again it must not run over.
        var lot = Interlocked.Increment(ref _taken) - 1;
        return lot < _next.Length ? lot : -1;
    }

    /// <summary>Its first stripe, and the one behind its last.</summary>
    public (int First, int End) Range(int lot) => (lot * _size, Math.Min((lot + 1) * _size, _stripes));

    /// <summary>The lot that follows in its channel's list; -1 behind the last. For the channel's thread.</summary>
    public int After(int lot) => _next[lot] - 1;

    /// <summary>Puts <paramref name="lot"/> behind <paramref name="last"/>. For the channel's thread.</summary>
    public void Append(int last, int lot) => _next[last] = lot + 1;
}
