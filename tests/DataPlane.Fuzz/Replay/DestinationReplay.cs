using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Destination;
using DataPlane.Fuzz.Recording;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Transport.Control;

namespace DataPlane.Fuzz.Replay;

/// <summary>
/// Replays a whole session behind the handshake into the destination's own session: the control connection and all data channels at
/// once, up to the next fence on each, as a source does. The peer answers nothing, goes on without the answer to a fence when it does not
/// come, and closes when the destination has come to an end or does not go on.
/// </summary>
internal sealed class DestinationReplay(RecordedSession session) : IDisposable
{
    // A session that goes on is through in a few milliseconds; one that waits for what will not come is told so after this.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    // Twice what the largest list of a message can take, and the session itself.
    private const long MostAllocated = 16 << 20;

    private readonly ReplayMemory _memory = new();

    /// <summary>How the last session ended; null when the guest was taken over.</summary>
    public MigrationError? Error { get; private set; }

    /// <summary>Whether the guest of the last session would run here.</summary>
    public bool Resumed { get; private set; }

    /// <summary>Whether memory and devices are what the source had.</summary>
    public bool IsRight { get; private set; }

    /// <param name="messages">The messages behind HELLO.</param>
    /// <param name="frames">The frames of each data channel.</param>
    public async Task RunAsync(byte[] messages, IReadOnlyList<byte[]> frames)
    {
        _memory.Reset();
        var host = new SmallHost();
        var options = new MigrationDestinationOptions { Journal = "", HandoverTimeout = Grace };
        var state = new DestinationState(_memory.Memory, host, options, TimeProvider.System) { Hello = session.Hello, Status = MigrationStatus.Setup };
        var key = new HandoverKey(session.Hello.Image, session.Hello.Attempt, MigrationSide.Destination);
        using var ownership = state.Ownership = new DestinationOwnership(key, journal: null, options, state.Clock, state.Words);
        await ownership.OpenAsync(new HandoverMessage(key.Image, key.Attempt, MigrationSide.Source, HandoverWord.Open, Guid.Empty, ""));
        using var received = state.Received;
        using var written = state.WrittenByHost;
        var before = GC.GetTotalAllocatedBytes();
        var control = Fed.Connect();
        var data = frames.Select(_ => Fed.Connect()).ToArray();
        Fed.Send(control.Peer, messages);
        var link = new ControlLink(control.Own, MigrationSide.Destination, TimeProvider.System);
        ownership.Line.Use(link);
        var connection = new DestinationConnection(link, [.. data.Select(pair => new DataSocket(pair.Own))]);
        var running = new DestinationSession(state, connection, link.ReceiveAsync(CancellationToken.None).AsTask()).RunAsync();
        Socket[] peers = [control.Peer, .. data.Select(pair => pair.Peer)];
        using var fences = new FenceListener(control.Peer);
        await FeedAsync(fences, state, [.. peers.Skip(1)], [.. frames.Select(bytes => FrameList.Parse(bytes).UpToFences())]);
        await AwaitEndAsync(running, host, state, peers);
        await fences.Ended;
        await connection.DisposeAsync();
        state.Suspects?.Dispose();
        _memory.CheckGuards();
        Error = state.UncertainError ?? state.Fault.Error;
        (Resumed, IsRight) = (host.Resumed, host.LoadedAll && _memory.Holds(session.Memory));
        Check(host, GC.GetTotalAllocatedBytes() - before);
    }

    public void Dispose() => _memory.Dispose();

    private static async Task FeedAsync(FenceListener fences, DestinationState state, Socket[] peers, List<byte[]>[] parts)
    {
        for (var round = 0; round < parts.Max(list => list.Count); round++)
        {
            if (round > 0 && !await fences.NextAsync(Grace, state.Fault.Stopping)) return;
            for (var i = 0; i < peers.Length; i++)
                if (round < parts[i].Count) Fed.Send(peers[i], parts[i][round]);
        }
    }

    private static async Task AwaitEndAsync(Task running, SmallHost host, DestinationState state, Socket[] peers)
    {
        var stopping = new TaskCompletionSource();
        await using (state.Fault.Stopping.Register(() => stopping.TrySetResult()))
            _ = await Task.WhenAny(running, host.Announced, stopping.Task, Task.Delay(Grace));
        foreach (var peer in peers) Fed.End(peer);
        if (await Task.WhenAny(running, Task.Delay(Bound)) != running)
            throw new FuzzFault($"The destination did not end within {Bound.TotalSeconds} s of the end of all connections, in step {state.Step}.");
        foreach (var peer in peers) peer.Dispose();
        try
        {
            await running;
        }
        catch (Exception other)
        {
            throw new FuzzFault($"The destination's session threw {other.GetType().Name}: {other.Message}", other);
        }
    }

    private void Check(SmallHost host, long allocated)
    {
        if (Error is { Side: MigrationSide.Destination } own && own.Code is not (
            MigrationErrorCode.ProtocolViolation or MigrationErrorCode.ConnectionLost or MigrationErrorCode.Cancelled or MigrationErrorCode.OwnershipUncertain))
            throw new FuzzFault($"The destination's session ended with {own.Code}: {own.Message}");
        if (Error is not null && host.Resumed) throw new FuzzFault($"The guest runs in a session that failed: {Error.Message}");
        if (allocated > MostAllocated) throw new FuzzFault($"A session of the destination allocated {allocated} bytes.");
    }
}
