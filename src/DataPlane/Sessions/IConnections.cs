using System.Net.Sockets;

namespace DataPlane.Sessions;

/// <summary>Where a side gets its connected sockets from. Each is the caller's once it is given.</summary>
internal interface IConnections
{
    /// <summary>Whether others may come in place of one that turns out unfit.</summary>
    bool MoreMayCome { get; }

    /// <summary>
    /// The next connection; the control connection is the first that a source asks for. <paramref name="tune"/> is given the socket before it connects, where
    /// that is still to be done: what some options leave behind in a socket that has been connected, the later ones do not take away.
    /// </summary>
    ValueTask<Socket> NextAsync(CancellationToken cancel, Action<Socket>? tune = null);

    /// <summary>Whether a source can call its destination once more when the session's connection is lost.</summary>
    bool CanCallAgain => false;

    /// <summary>Calls it once more, for words about the handover.</summary>
    ValueTask<Socket> CallAgainAsync(CancellationToken cancel) => throw new InvalidOperationException("There is nobody to call.");
}
