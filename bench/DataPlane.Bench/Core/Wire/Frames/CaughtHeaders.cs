using System.Runtime.CompilerServices;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Sockets;

namespace DataPlane.Bench.Core.Wire.Frames;

/// <summary>A connection that keeps the first headers it is given and drops all that follows, without a look at it.</summary>
internal sealed unsafe class CaughtHeaders(int count) : IDataConnection
{
    private readonly FrameHeader[] _headers = new FrameHeader[count];
    private int _caught;

    /// <summary>The headers in the order they were sent in.</summary>
    public FrameHeader[] Headers => _caught == count ? _headers : throw new InvalidOperationException($"{_caught} of {count} headers were sent.");

    /// <inheritdoc/>
    public void Send(IoVector* vectors, int count, bool more = false)
    {
        for (var i = 0; i < count && _caught < _headers.Length; i++)
            if (vectors[i].Length == (nuint)FrameHeader.Size) // Pages are 4 KiB at least.
                _headers[_caught++] = Unsafe.ReadUnaligned<FrameHeader>(vectors[i].Base);
    }

    /// <inheritdoc/>
    public void SendPages(IoVector* vectors, int count) => Send(vectors, count);

    /// <inheritdoc/>
    public nuint Receive(IoVector* vectors, int count) => 0;

    /// <inheritdoc/>
    public TcpStatus? ReadStatus() => null;

    /// <inheritdoc/>
    public void Abort()
    {
    }

    public void Dispose()
    {
    }
}
