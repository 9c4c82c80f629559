using System.Diagnostics;
using System.Net.Sockets;
using DataPlane.Core.Wire;

namespace DataPlane.Tools.Shaping;

/// <summary>One connection through a relay. For any thread.</summary>
internal sealed class RelayLane
{
    private readonly object _gate = new();
    private readonly FaultBoard _board;
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly RelayPump _there;
    private readonly RelayPump _back;
    private volatile LaneRole _role;
    private volatile bool _over;
    private volatile bool _closed;
    private volatile bool _silent;
    private long _stalledUntil;
    private Func<int, int>? _flip;

    /// <summary>Owns both sockets until it is over.</summary>
    public RelayLane(Socket client, Socket server, LinkShape shape, RateBucket? there, RateBucket? back, FaultBoard board)
    {
        (_client, _server, _board) = (client, server, board);
        Number = board.NewNumber();
        _there = new RelayPump(this, client, server, shape, there, board);
        _back = new RelayPump(this, server, client, shape, back, faults: null);
        board.Add(this);
    }

    public int Number { get; }

    public LaneRole Role => _role;

    /// <summary>What it is for, in words.</summary>
    public string Name { get; private set; } = "other";

    /// <summary>Bytes that have gone on towards the destination.</summary>
    public long Forwarded => _there.Sent;

    public bool IsOver => _over;

    /// <summary>Carries until both sides have ended, or it is reset. Never throws.</summary>
    public void Run()
    {
        var back = RelayPump.Begin("dp-link-back", _back.Run);
        _there.Run();
        back.Join();
        End(reset: false);
        _board.Remove(this);
    }

    public void Reset() => End(reset: true);

    /// <summary>Ends both ways in order. What still comes is thrown away, so that no reset takes back what either side was told.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        ShutDown(_client);
        ShutDown(_server);
    }

    public void Silence() => _silent = true;

    /// <summary>Until a timestamp of <see cref="Stopwatch"/>, or for longer where that was said before.</summary>
    public void StallUntil(long timestamp)
    {
        lock (_gate) _stalledUntil = Math.Max(_stalledUntil, timestamp);
    }

    /// <summary>One bit of what goes to the destination next; which, of so many, the function says.</summary>
    public void FlipNext(Func<int, int> bit) => Volatile.Write(ref _flip, bit);

    public void FlipIn(Span<byte> bytes)
    {
        if (Volatile.Read(ref _flip) is null || Interlocked.Exchange(ref _flip, null) is not { } below) return;
        var bit = below(bytes.Length * 8);
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        _board.Record(LinkFaultKind.Flip, this, duration: null);
    }

    /// <summary>The first bytes on it tell what it is for.</summary>
    public void Introduce(ReadOnlySpan<byte> bytes)
    {
        if (_role != LaneRole.Unknown) return;
        var known = bytes.Length >= Preamble.Size && Preamble.TryRead(bytes[..Preamble.Size], out var preamble, out _) ? preamble : default;
        Name = known.Role switch { ConnectionRole.Invalid => "other", ConnectionRole.Data => $"data {known.Channel}", _ => "control" };
        _role = known.Role switch { ConnectionRole.Invalid => LaneRole.Other, ConnectionRole.Data => LaneRole.Data, _ => LaneRole.Control };
        _board.Introduce();
    }

    /// <summary>Whether bytes may go on: waits while the connection stalls; false where nothing goes on any more.</summary>
    public bool IsFree()
    {
        lock (_gate)
        {
            while (!_over && !_closed)
            {
                var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _stalledUntil);
                if (!_silent && left <= TimeSpan.Zero) return true;
                // A millisecond more: less than one is not waited for at all.
                _ = _silent ? Monitor.Wait(_gate) : Monitor.Wait(_gate, left + TimeSpan.FromMilliseconds(1));
            }
            return false;
        }
    }

    /// <summary>The other side of <paramref name="to"/> has ended: so does this one, as that did.</summary>
    public void EndOf(Socket to, bool broken)
    {
        if (broken) Reset();
        else ShutDown(to);
    }

    /// <summary>
    /// One whose words cannot be passed on any more is told by a reset, but not before it has heard all that the other side has said: that is why the other has gone.
    /// </summary>
    public void Settle()
    {
        if ((_there.Discards && _back.HasEnded) || (_back.Discards && _there.HasEnded)) Reset();
    }

    private static void ShutDown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private void End(bool reset)
    {
        lock (_gate)
        {
            if (_over) return;
            _over = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var socket in (Socket[])[_client, _server])
        {
            if (reset) socket.Close(0); // Both ways at once, and what is unread is lost.
            else socket.Dispose();
        }
        _there.End();
        _back.End();
    }
}
