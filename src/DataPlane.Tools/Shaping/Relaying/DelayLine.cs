using System.Diagnostics;

namespace DataPlane.Tools.Shaping;

/// <summary>
/// Pieces of one direction of a connection that are on their way. One thread puts them in and one takes them out; in bytes there are never more than the link holds, and
/// then the first waits.
/// </summary>
internal sealed class DelayLine
{
    // A relay without a rate carries some 4 GB/s; and memory has an end: from there on a long delay bounds what goes through.
    private const double Unbounded = 4e9;
    private const long MostBytes = 256L << 20;
    private const int SparePieces = 4;

    private readonly object _gate = new();
    private readonly Queue<Piece> _pieces = new();
    private readonly Stack<byte[]> _free = new();
    private readonly Random _random;
    private readonly int _pieceBytes;
    private readonly int _mostPieces;
    private readonly long _delay;
    private readonly long _jitter;
    private long _lastDue;
    private bool _over;

    public DelayLine(LinkShape shape, int pieceBytes, int seed)
    {
        _pieceBytes = pieceBytes;
        _random = new Random(seed);
        (_delay, _jitter) = (Ticks(shape.Delay), Ticks(shape.Jitter));
        var onTheWay = Math.Min((shape.BytesPerSecond ?? Unbounded) * (shape.Delay + shape.Jitter).TotalSeconds, MostBytes);
        _mostPieces = (int)(onTheWay / pieceBytes) + SparePieces;
    }

    /// <summary>A piece's bytes to be filled; given back by <see cref="Free"/>.</summary>
    public byte[] Rent()
    {
        lock (_gate) return _free.TryPop(out var bytes) ? bytes : GC.AllocateUninitializedArray<byte>(_pieceBytes);
    }

    public void Free(byte[] bytes)
    {
        lock (_gate) _free.Push(bytes);
    }

    /// <summary>Sends a piece on its way at <paramref name="leaves"/>, a timestamp; waits for room.</summary>
    public void Add(byte[] bytes, int count, long leaves)
    {
        lock (_gate)
        {
            while (_pieces.Count >= _mostPieces && !_over) _ = Monitor.Wait(_gate);
            var due = leaves + _delay + (long)(_jitter * ((_random.NextDouble() * 2) - 1));
            _lastDue = Math.Max(_lastDue, due); // None overtakes another.
            _pieces.Enqueue(new Piece(bytes, count, _lastDue));
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The next piece, which may not be due yet; null when it is over.</summary>
    public Piece? Take()
    {
        lock (_gate)
        {
            while (_pieces.Count == 0 && !_over) _ = Monitor.Wait(_gate);
            if (_over) return null;
            var piece = _pieces.Dequeue();
            Monitor.PulseAll(_gate);
            return piece;
        }
    }

    /// <summary>Nobody waits any more, on either side.</summary>
    public void End()
    {
        lock (_gate)
        {
            _over = true;
            Monitor.PulseAll(_gate);
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <param name="Bytes">The bytes; those of an end are not looked at.</param>
    /// <param name="Count">How many; 0 is an orderly end, less than that a broken one.</param>
    /// <param name="Due">When they arrive: a timestamp of <see cref="Stopwatch"/>.</param>
    internal readonly record struct Piece(byte[] Bytes, int Count, long Due);
}
