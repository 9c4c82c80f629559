using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Wire;
using DataPlane.Linux.Sockets;

namespace DataPlane.Destination;

/// <summary>
/// An accepted connection that is not known yet to belong to a source. Owns the socket until it is let go or ended. The fields are the
/// table's, under its lock.
/// </summary>
internal sealed class UnknownConnection(Socket socket, long arrived)
{
    // A closed socket does not tell any more.
    private readonly EndPoint? _end = EndOf(socket);

    public Socket Socket { get; } = socket;

    /// <summary>When it was accepted, as the clock's timestamp.</summary>
    public long Arrived { get; } = arrived;

    /// <summary>How long it may take from its arrival for what is due next.</summary>
    public TimeSpan Allowed { get; set; }

    /// <summary>Whether it has shown a preamble.</summary>
    public bool Introduced { get; set; }

    /// <summary>Why it was ended by this side; null while it was not.</summary>
    public string? EndedBecause { get; set; }

    /// <summary>Its place in the table; null once it has left.</summary>
    public LinkedListNode<UnknownConnection>? Place { get; set; }

    /// <summary>Who it is, for people.</summary>
    public string Name => _end is null ? "a peer that is gone" : PeerNames.Of(_end) is { Length: > 0 } end ? end : "a local process";

    /// <summary>Says that nothing more will come, and reads at most <paramref name="most"/> bytes until the peer closes.</summary>
    public async ValueTask HearOutAsync(int most, CancellationToken cancel)
    {
        Socket.Shutdown(SocketShutdown.Send);
        var bytes = new byte[4096];
        for (int read; most > 0 && (read = await Socket.ReceiveAsync(bytes, cancel)) > 0;) most -= read;
    }

    /// <summary>The first 64 bytes. Throws <see cref="RefusalException"/> for anything else.</summary>
    public async ValueTask<Preamble> ReadPreambleAsync()
    {
        var bytes = new byte[Preamble.Size];
        for (var filled = 0; filled < bytes.Length;)
        {
            var read = await Socket.ReceiveAsync(bytes.AsMemory(filled));
            if (read == 0) throw new RefusalException(RefusalKind.Silent, "It closed the connection before the preamble was complete.");
            filled += read;
        }
        return Preamble.TryRead(bytes, out var preamble, out var fault) ? preamble : throw new RefusalException(RefusalKind.Garbage, fault!);
    }

    private static EndPoint? EndOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
