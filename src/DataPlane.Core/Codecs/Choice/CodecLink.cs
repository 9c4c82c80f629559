using System.Runtime.CompilerServices;

namespace DataPlane.Core.Codecs.Choice;

/// <summary>
/// What a channel believes its link takes for a byte, apart for each way to write pages, since a destination that is slow to decode looks
/// like a slow link and is one with that codec only. Seen while pages go as they are, or while the sender waits for the link; else all that
/// is known is that the link takes no longer than the sender took.
/// </summary>
internal struct CodecLink
{
    // A send that waits for a fifth of the time or more waits for the link; less can be the scheduler's doing.
    private const double LeastWait = 0.2;

    // 4 GB/s, what a good host's socket call makes that need not wait: believed till one that did not wait was seen.
    private const double FirstSendNanoseconds = 0.25;

    // A link that is not waited for may be faster than it was seen to be: believed to be so by a share that grows with each window, the
    // quicker the less it has been seen: a quarter a window after one, a hundredth after 25.
    private const double Hope = 0.25;
    private const int MostSeen = 25;

    private Seen _seen; // By number of the encoding.
    private double _lowestSend;

    /// <summary>What a socket call takes for a byte where it need not wait: the least that was seen.</summary>
    public readonly double SendNanoseconds => _lowestSend == 0 ? FirstSendNanoseconds : _lowestSend;

    /// <summary>Nanoseconds for a byte on the wire with <paramref name="choice"/>; where that was not used yet, with the best that was.</summary>
    public readonly double Nanoseconds(PageEncoding choice)
    {
        if (_seen[(int)choice].Windows > 0) return _seen[(int)choice].Nanoseconds;
        var best = double.PositiveInfinity;
        foreach (var entry in _seen)
            if (entry.Windows > 0) best = Math.Min(best, entry.Nanoseconds);
        return double.IsPositiveInfinity(best) ? 0 : best;
    }

    /// <summary>Takes what a window with <paramref name="choice"/> has shown.</summary>
    public void Add(in CodecWindow window, PageEncoding choice)
    {
        var send = (double)window.Socket / window.Wire;
        _lowestSend = Math.Min(send, SendNanoseconds);
        var all = (double)window.Nanoseconds / window.Wire;
        if (choice == PageEncoding.None || (send - _lowestSend) * window.Wire >= LeastWait * window.Nanoseconds)
        {
            ref var entry = ref _seen[(int)choice];
            entry.Nanoseconds = entry.Windows == 0 ? all : CodecTrack.Mean(entry.Nanoseconds, all);
            entry.Windows = Math.Min(entry.Windows + 1, MostSeen);
            return;
        }
        foreach (ref var entry in (Span<Entry>)_seen)
            entry.Nanoseconds = Math.Min(entry.Nanoseconds, all) * (1 - (Hope / Math.Max(entry.Windows, 1)));
    }

    private struct Entry
    {
        public double Nanoseconds;
        public int Windows;
    }

    [InlineArray(3)]
    private struct Seen
    {
        private Entry _first;
    }
}
