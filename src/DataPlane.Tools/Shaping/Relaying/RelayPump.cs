using System.Diagnostics;
using System.Net.Sockets;
using DataPlane.Linux.Kvm;

namespace DataPlane.Tools.Shaping;

/// <summary>
/// One direction of a connection: what comes from one socket goes to the other, at the link's rate, after its delay, and with its faults. A thread of its own, with a delay
/// a second one: they wait to the microsecond, which nothing else can.
/// </summary>
internal sealed class RelayPump
{
    private const int MostPiece = 256 << 10;
    private const int LeastPiece = 4 << 10;
    private const int PiecesPerSecond = 1000;
    private const int StackBytes = 256 << 10;
    private const long LongestSleep = 50_000_000; // ns: so long may a thread sleep through its connection's end.

    private readonly RelayLane _lane;
    private readonly Socket _from;
    private readonly Socket _to;
    private readonly RateBucket? _rate;
    private readonly DelayLine? _line;
    private readonly FaultBoard? _faults;
    private readonly int _pieceBytes;
    private long _sent;

    /// <param name="lane">The connection.</param>
    /// <param name="from">Where bytes come from.</param>
    /// <param name="to">Where they go to.</param>
    /// <param name="shape">What the link is like.</param>
    /// <param name="rate">What holds this direction to the link's rate; null where nothing does, or the kernel.</param>
    /// <param name="faults">What strikes by bytes; null in the direction that has no such faults.</param>
    public RelayPump(RelayLane lane, Socket from, Socket to, LinkShape shape, RateBucket? rate, FaultBoard? faults)
    {
        (_lane, _from, _to, _rate, _faults) = (lane, from, to, rate, faults);
        // A millisecond's worth, so that connections share the rate in small turns.
        _pieceBytes = (int)Math.Clamp((shape.BytesPerSecond ?? long.MaxValue) / PiecesPerSecond, LeastPiece, MostPiece);
        if (shape.Delay > TimeSpan.Zero) _line = new DelayLine(shape, _pieceBytes, lane.Number);
    }

    /// <summary>Bytes that have gone on.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Set once by this pump: the one it sends to has gone, and what still comes is thrown away.</summary>
    public bool Discards { get; private set; }

    /// <summary>Set once by this pump: the one it reads from has ended, and all it said has gone on.</summary>
    public bool HasEnded { get; private set; }

    public static Thread Begin(string name, Action body)
    {
        var thread = new Thread(() => body(), StackBytes) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    /// <summary>Runs until its side has ended and all has gone on. Never throws.</summary>
    public void Run()
    {
        PreciseWait.SharpenThread();
        using var wait = new PreciseWait();
        if (_line is null) RunAtOnce(wait);
        else
        {
            var arrivals = Begin("dp-link-out", Arrive);
            Depart(_line, wait);
            arrivals.Join();
        }
        HasEnded = true;
        _lane.Settle();
    }

    /// <summary>Its lane has ended: nothing waits any more.</summary>
    public void End() => _line?.End();

    private void RunAtOnce(PreciseWait wait)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(_pieceBytes);
        while (true)
        {
            var count = Receive(buffer);
            if (count > 0 && _rate is not null) Sleep(wait, _rate.Reserve(count));
            if (!Deliver(buffer, count)) return;
        }
    }

    private void Depart(DelayLine line, PreciseWait wait)
    {
        int count;
        do
        {
            var bytes = line.Rent();
            count = Receive(bytes);
            var leaves = count > 0 && _rate is not null ? _rate.Reserve(count) : Stopwatch.GetTimestamp();
            line.Add(bytes, count, leaves);
            // What is not on the link yet waits with its sender, as before a card.
            if (count > 0 && _rate is not null) Sleep(wait, leaves);
        }
        while (count > 0);
    }

    private void Arrive()
    {
        PreciseWait.SharpenThread();
        using var wait = new PreciseWait();
        while (_line!.Take() is { } piece)
        {
            Sleep(wait, piece.Due);
            if (!Deliver(piece.Bytes, piece.Count)) return;
            _line.Free(piece.Bytes);
        }
    }

    private int Receive(byte[] bytes)
    {
        try
        {
            return _from.Receive(bytes);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            return -1;
        }
    }

    /// <summary>False when that was the end.</summary>
    private bool Deliver(byte[] bytes, int count)
    {
        if (count > 0) Deliver(bytes.AsSpan(0, count));
        else if (_lane.IsFree()) _lane.EndOf(_to, broken: count < 0);
        return count > 0;
    }

    private void Deliver(Span<byte> bytes)
    {
        if (_faults is not null) _lane.Introduce(bytes);
        while (!bytes.IsEmpty && !Discards && _lane.IsFree())
        {
            if (_faults is null)
            {
                Send(bytes);
                return;
            }
            _lane.FlipIn(bytes);
            var (before, trigger) = _faults.Pass(_lane, bytes.Length);
            Send(bytes[..before]);
            bytes = bytes[before..];
            if (trigger is null) return;
            if (trigger.Fault.Kind != LinkFaultKind.Flip)
            {
                _faults.Strike(trigger, _lane);
                continue;
            }
            bytes[0] ^= (byte)(1 << trigger.Below(8));
            _faults.Record(LinkFaultKind.Flip, _lane, duration: null);
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var count = _to.Send(bytes);
                Volatile.Write(ref _sent, _sent + count);
                bytes = bytes[count..];
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Discards = true;
            _lane.Settle();
        }
    }

    private void Sleep(PreciseWait wait, long until)
    {
        while (!_lane.IsOver)
        {
            var left = (long)Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), until).TotalNanoseconds;
            if (left <= 0) return;
            wait.Wait(Math.Min(left, LongestSleep));
        }
    }
}
