using System.Diagnostics;

namespace DataPlane.Transport.Sending;

/// <summary>
/// One bandwidth for all channels together: each says how many bytes it is about to send and is held until they are due. Works alike for
/// every kind of connection. A pacing rate of the kernel's (SO_MAX_PACING_RATE) is one socket's: divided by the number of channels it
/// leaves unused what an idle channel does not take. For any thread; nothing is allocated.
/// </summary>
/// <remarks>
/// The bytes are laid end to end on a time line at the cap's rate, whoever sends them: a thread that wakes late moves nothing, since what
/// it was late by can be made up for, up to <see cref="CreditMilliseconds"/>. Over a time T no more is let through than the rate allows in
/// T, that credit and one piece: 1.2 % in 5 s.
/// </remarks>
internal sealed class BandwidthCap
{
    /// <summary>The least that can be asked for: below, a frame of 2 MiB would take more than half a minute.</summary>
    public const long LeastBytesPerSecond = 64 << 10;

    // How late threads may be on a busy host without losing bandwidth; 1 % of 5 s.
    private const int CreditMilliseconds = 50;

    // A hundred pieces a second: over 5 s a piece is 0.2 %. At most what one call to the kernel is worth, and never less than a page.
    private const int PiecesPerSecond = 100;
    private const int LeastPiece = 4 << 10, MostPiece = 512 << 10;

    private readonly object _gate = new();
    private readonly double _ticksPerByte;
    private readonly long _credit = Stopwatch.Frequency * CreditMilliseconds / 1000;
    private double _next = Stopwatch.GetTimestamp(); // Nobody has been late yet.
    private int _epoch;
    private int _holding;
    private long _holds;
    private long _heldTicks;
    private bool _active = true;
    private bool _over;

    public BandwidthCap(long bytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, LeastBytesPerSecond);
        _ticksPerByte = (double)Stopwatch.Frequency / bytesPerSecond;
        Piece = (int)Math.Clamp(bytesPerSecond / PiecesPerSecond, LeastPiece, MostPiece);
    }

    /// <summary>Most bytes to ask for at once.</summary>
    public int Piece { get; }

    /// <summary>Whether it holds anybody up; not while lifted.</summary>
    public bool IsActive => Volatile.Read(ref _active);

    /// <summary>How often a channel was held up so far.</summary>
    public long Holds => Volatile.Read(ref _holds);

    /// <summary>Timestamp ticks for which channels were held up, added up over them.</summary>
    public long HeldTicks => Volatile.Read(ref _heldTicks);

    /// <summary>Whether a channel is held up now.</summary>
    public bool IsHolding => Volatile.Read(ref _holding) > 0;

    /// <summary>Returns when <paramref name="bytes"/> may be sent: at once when the cap is lifted meanwhile.</summary>
    public void Take(int bytes)
    {
        lock (_gate)
        {
            if (!_active) return;
            var now = Stopwatch.GetTimestamp();
            var due = Math.Max(_next, now - _credit);
            _next = due + (bytes * _ticksPerByte);
            if (Milliseconds(due - now) < 1) return; // What is a part of a millisecond early is not worth waking a thread for, and adds up to nothing.
            Hold(due);
        }
    }

    /// <summary>From now on nobody is held up, and whoever is goes on at once.</summary>
    public void Lift()
    {
        lock (_gate)
        {
            _active = false;
            _epoch++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Holds again, and makes up for nothing that was sent meanwhile.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _next = Stopwatch.GetTimestamp();
            _active = !_over;
        }
    }

    /// <summary>Lifted for good: the session is over.</summary>
    public void End()
    {
        lock (_gate) _over = true;
        Lift();
    }

    private void Hold(double due)
    {
        var epoch = _epoch;
        var start = Stopwatch.GetTimestamp();
        _holds++;
        _holding++;
        while (epoch == _epoch && Milliseconds(due - Stopwatch.GetTimestamp()) is var left and >= 1) _ = Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
        _holding--;
        _heldTicks += Stopwatch.GetTimestamp() - start;
    }

    private static double Milliseconds(double ticks) => ticks * 1000 / Stopwatch.Frequency;
}
