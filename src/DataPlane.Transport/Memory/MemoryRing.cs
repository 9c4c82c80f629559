using System.Runtime.InteropServices;
using DataPlane.Linux;

namespace DataPlane.Transport.Memory;

/// <summary>One direction of a connection in memory: a bounded ring that one thread writes and one reads.</summary>
internal sealed unsafe class MemoryRing(int capacity)
{
    private const int BrokenPipe = 32, ConnectionReset = 104;

    private readonly object _gate = new();
    private readonly byte[] _bytes = new byte[capacity];
    private int _start;
    private int _count;
    private bool _ended; // By the writer: what is in the ring can still be read.
    private bool _refused; // By the reader: nothing can be written any more.
    private bool _reset;

    /// <summary>Writes all, and blocks while the ring is full.</summary>
    public void Write(byte* from, nuint length)
    {
        lock (_gate)
        {
            while (length > 0)
            {
                while (_count == _bytes.Length && !_ended && !_refused) _ = Monitor.Wait(_gate);
                if (_ended || _refused) throw new LinuxException("sendmsg", BrokenPipe);
                var end = (_start + _count) % _bytes.Length;
                var piece = (int)Math.Min(length, (nuint)Math.Min(_bytes.Length - _count, _bytes.Length - end));
                new ReadOnlySpan<byte>(from, piece).CopyTo(_bytes.AsSpan(end));
                _count += piece;
                from += piece;
                length -= (nuint)piece;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Reads what is there, at most <paramref name="length"/>. With <paramref name="wait"/> blocks while nothing is; 0 at the end.</summary>
    public int Read(byte* into, nuint length, bool wait)
    {
        lock (_gate)
        {
            while (wait && _count == 0 && !_ended && !_refused) _ = Monitor.Wait(_gate);
            if (_reset) throw new LinuxException("recvmsg", ConnectionReset);
            var piece = (int)Math.Min(length, (nuint)Math.Min(_count, _bytes.Length - _start));
            _bytes.AsSpan(_start, piece).CopyTo(MemoryMarshal.CreateSpan(ref *into, piece));
            _start = (_start + piece) % _bytes.Length;
            _count -= piece;
            Monitor.PulseAll(_gate);
            return piece;
        }
    }

    /// <summary>The writer is through. With <paramref name="reset"/> the reader gets an error, and nothing of what is in the ring.</summary>
    public void End(bool reset = false)
    {
        lock (_gate)
        {
            _ended = true;
            _reset |= reset;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The reader is through. Returns whether it left anything unread.</summary>
    public bool Refuse()
    {
        lock (_gate)
        {
            _refused = true;
            Monitor.PulseAll(_gate);
            return _count > 0;
        }
    }
}
