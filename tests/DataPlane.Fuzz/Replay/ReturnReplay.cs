using System.Net.Sockets;
using DataPlane.Control.Bandwidth;
using DataPlane.Control.Timeline;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Fuzz.Recording;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;
using DataPlane.Source;
using DataPlane.Transport.Control;
using DataPlane.Transport.Sending;

namespace DataPlane.Fuzz.Replay;

/// <summary>
/// Replays what a destination says behind ACCEPT into the source's own return path, with rings that hold as many frames as were sent when
/// it was recorded. Only the last fence is answered, which the source waits for from the start.
/// </summary>
internal sealed class ReturnReplay : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    // Twice what the largest list of a message can take, and the session itself.
    private const long MostAllocated = 16 << 20;

    private readonly SmallGuest _guest = new();
    private readonly DirtyBitmap _bitmap;
    private readonly ulong[] _sent;
    private readonly uint _fence;

    public ReturnReplay(RecordedSession session)
    {
        _bitmap = new DirtyBitmap(_guest.Memory);
        var answers = MessageList.Parse(session.Answers);
        var last = answers.Items.Select(item => item.Read()).OfType<FencedMessage>().Last();
        (_fence, _sent) = (last.Fence, last.Placed);
        var kept = answers.Items.Skip(1).Where(item => item.Type != ControlMessageType.Handover).Where(item => item.Read() is not FencedMessage fenced || fenced.Fence == _fence).ToList();
        Answers = (answers with { Items = kept }).Bytes();
    }

    /// <summary>What the destination said, as far as it is replayed.</summary>
    public byte[] Answers { get; }

    /// <summary>What the source took for true: bytes acknowledged, the fence, and the verdicts, as text to compare.</summary>
    public string Believed { get; private set; } = "";

    /// <summary>What ended the return path. Never null: it ends with the connection at the latest.</summary>
    public MigrationError Error { get; private set; } = null!;

    public async Task RunAsync(ReadOnlyMemory<byte> answers)
    {
        var before = GC.GetTotalAllocatedBytes();
        var sockets = _sent.Select(_ => Fed.Connect()).ToArray();
        var (peer, own) = Fed.Connect();
        using var crew = new ChannelCrew(_guest.Memory, _bitmap, _guest.Dirty, [.. sockets.Select(pair => new DataSocket(pair.Own))], _ => { });
        for (var i = 0; i < _sent.Length; i++)
            for (ulong frame = 0; frame < _sent[i]; frame++) _ = crew.Channels[i].Unacknowledged.TryAddOther(100);
        using var fault = new SessionFault();
        var link = new ControlLink(own, MigrationSide.Source, TimeProvider.System);
        var path = new ReturnPath(link, crew, fault, new SessionClock(TimeProvider.System), new ClockSync(), new BandwidthEstimator(_sent.Length), () => "replay");
        var fenced = path.ExpectFence(_fence);
        Fed.Send(peer, answers.Span);
        Fed.End(peer);
        var running = path.RunAsync();
        if (await Task.WhenAny(running, Task.Delay(Bound)) != running)
            throw new FuzzFault($"The return path did not end within {Bound.TotalSeconds} s of the connection.");
        await running;
        Error = fault.Error ?? throw new FuzzFault("The return path ended without a fault.");
        Believed = string.Join(' ', crew.Channels.Select(channel => channel.Unacknowledged.Acknowledged))
            + $" {fenced.IsCompleted} {path.Ready.IsCompleted} {Says(path.Prepared)} {Says(path.Verified)} {Says(path.Running)} {path.PeerFailure.IsCompleted}";
        await link.DisposeAsync();
        peer.Dispose();
        foreach (var pair in sockets) pair.Peer.Dispose();
        Check(GC.GetTotalAllocatedBytes() - before);
    }

    public void Dispose()
    {
        _bitmap.Dispose();
        _guest.Dispose();
    }

    private void Check(long allocated)
    {
        if (Error is { Side: MigrationSide.Source } && Error.Code is not (MigrationErrorCode.ProtocolViolation or MigrationErrorCode.ConnectionLost))
            throw new FuzzFault($"The return path ended with {Error.Code}: {Error.Message}");
        if (allocated > MostAllocated) throw new FuzzFault($"The return path allocated {allocated} bytes.");
    }

    private static string Says<T>(Task<T> verdict)
        where T : class, IControlMessage
    {
        _ = verdict.Exception; // Seen: that the connection ended is in the error.
        if (!verdict.IsCompletedSuccessfully) return "-";
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        verdict.Result.Write(new WireWriter(bytes));
        return Convert.ToHexString(bytes.WrittenSpan);
    }
}
