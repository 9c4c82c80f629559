using System.Net.Sockets;

namespace DataPlane.Destination;

/// <summary>
/// The connections that have not shown yet what they are: a table of bounded size, out of which the oldest go when it is full or when
/// their time is over. For any thread.
/// </summary>
/// <remarks>
/// What a stray can cost: one place of the table, so one descriptor; about 2 KiB, and, once it has introduced itself as a
/// source, as many bytes as it sends of its first message, up to <see cref="HelloLimit"/>; all of that for two seconds, or ten for
/// a source. What it can not cost a source: one that sends its preamble within <see cref="Grace"/> of being accepted is never turned away for
/// want of room, and strays leave a full table of 512 places at 5,120 a second.
/// </remarks>
internal sealed class UnknownConnections(TimeProvider time, int capacity)
{
    /// <summary>Places where descriptors are no concern.</summary>
    public const int MostCapacity = 512;

    private const int LeastCapacity = 16;

    /// <summary>Long enough for a peer that speaks at once, whose first packet was not lost.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    /// <summary>How much later than at its time a connection may be ended.</summary>
    private static readonly TimeSpan Coarseness = TimeSpan.FromMilliseconds(100);

    /// <summary>How many go at once when descriptors run short.</summary>
    private const int Shrinks = 8;

    /// <summary>How long a shortage is believed to last.</summary>
    private static readonly TimeSpan ShrunkFor = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly LinkedList<UnknownConnection> _byArrival = new();
    private TaskCompletionSource? _left;
    private int _shrunkTo = int.MaxValue;
    private long _shrunkAt;
    private bool _closed;

    /// <summary>Places for a process that may open so many descriptors: a quarter of them.</summary>
    public static int CapacityFor(long? openFiles) => (int)Math.Clamp((openFiles ?? MostCapacity) / 4, LeastCapacity, MostCapacity);

    /// <summary>
    /// Takes <paramref name="socket"/> in, which has to say something within <paramref name="allowed"/>. After <see cref="EndAll"/> it
    /// is ended at once.
    /// </summary>
    public UnknownConnection Add(Socket socket, TimeSpan allowed)
    {
        var peer = new UnknownConnection(socket, time.GetTimestamp()) { Allowed = allowed };
        lock (_gate)
        {
            if (_closed) peer.EndedBecause = "The destination is ending.";
            else peer.Place = _byArrival.AddLast(peer);
        }
        if (peer.EndedBecause is not null) socket.Dispose();
        return peer;
    }

    /// <summary>It has shown a preamble, and has until <paramref name="allowed"/> after its arrival for the rest.</summary>
    public void Introduce(UnknownConnection peer, TimeSpan allowed)
    {
        lock (_gate) (peer.Introduced, peer.Allowed) = (true, allowed);
    }

    /// <summary>It has been refused and told why: it has until <paramref name="allowed"/> from now to hear it.</summary>
    public void Dismiss(UnknownConnection peer, TimeSpan allowed)
    {
        lock (_gate) (peer.Introduced, peer.Allowed) = (false, time.GetElapsedTime(peer.Arrived) + allowed);
    }

    /// <summary>Lets the connection go: from now on it is the caller's. False when it has been ended.</summary>
    public bool TryRelease(UnknownConnection peer)
    {
        lock (_gate)
        {
            if (peer.EndedBecause is not null) return false;
            Remove(peer);
            return true;
        }
    }

    /// <summary>Waits until there is room for one more. Ends the oldest that has said nothing, and where all have, the oldest.</summary>
    public async ValueTask MakeRoomAsync(CancellationToken stop)
    {
        while (NextStep() is { } step) await step.WaitAsync(time, stop);
    }

    /// <summary>
    /// Descriptors run short. Ends the eight oldest, without grace, and takes no more than are left for a while. False when there was none to
    /// end.
    /// </summary>
    public bool TryShrink()
    {
        lock (_gate)
        {
            var before = _byArrival.Count;
            (_shrunkTo, _shrunkAt) = (Math.Max(1, before - Shrinks), time.GetTimestamp());
            while (_byArrival.Count > _shrunkTo) End(OldestToGo(), "Its descriptor was needed.");
            return _byArrival.Count < before;
        }
    }

    /// <summary>Ends those whose time is over, until <paramref name="stop"/>.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Coarseness, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) EndOverdue();
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Ends all that are left, and all that come yet.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            _closed = true;
            while (_byArrival.First is { } first) End(first.Value, "The destination is ending.");
        }
    }

    private void EndOverdue()
    {
        lock (_gate)
        {
            for (var (node, next) = (_byArrival.First, _byArrival.First?.Next); node is not null; (node, next) = (next, next?.Next))
            {
                var peer = node.Value;
                if (time.GetElapsedTime(peer.Arrived) >= peer.Allowed)
                    End(peer, $"It did not {(peer.Introduced ? "finish the handshake" : "introduce itself")} within {peer.Allowed.TotalSeconds:0.###} s.");
            }
        }
    }

    /// <summary>What has to be waited for before there is room; null when there is.</summary>
    private Wait? NextStep()
    {
        lock (_gate)
        {
            if (_shrunkTo < int.MaxValue && time.GetElapsedTime(_shrunkAt) >= ShrunkFor) _shrunkTo = int.MaxValue;
            if (_byArrival.Count < Math.Min(capacity, _shrunkTo)) return null;
            var oldest = OldestToGo();
            var rest = Grace - time.GetElapsedTime(oldest.Arrived);
            if (rest > TimeSpan.Zero)
                return new Wait((_left ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task, rest);
            End(oldest, "It made room for others.");
            return null;
        }
    }

    private UnknownConnection OldestToGo()
    {
        foreach (var peer in _byArrival)
            if (!peer.Introduced)
                return peer;
        return _byArrival.First!.Value;
    }

    // Closing makes the read that its task waits in fail.
    private void End(UnknownConnection peer, string why)
    {
        peer.EndedBecause = why;
        Remove(peer);
        peer.Socket.Dispose();
    }

    private void Remove(UnknownConnection peer)
    {
        if (peer.Place is not { } place) return;
        peer.Place = null;
        _byArrival.Remove(place);
        _left?.TrySetResult();
        _left = null;
    }

    /// <summary>Until one leaves, or so much time is over.</summary>
    private sealed record Wait(Task Left, TimeSpan AtMost)
    {
        // Timers leave out what is less than a millisecond: rounded up, or the last of it would be spent spinning.
        private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

        public async Task WaitAsync(TimeProvider time, CancellationToken stop)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _ = await Task.WhenAny(Left, Task.Delay(AtMost + Shortest, time, over.Token));
            await over.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }
    }
}
