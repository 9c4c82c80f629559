using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Destination;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;
using DataPlane.Transport.Control;
using DataPlane.Transport.Receiving;

namespace DataPlane.Tools.Link;

/// <summary>Receives as a migration's destination does, and says what is placed as that does. Owns the crew and its sockets; the memory must outlive it.</summary>
internal sealed class LinkReceiver : IDisposable
{
    private readonly DirtyBitmap _received;
    private readonly ReceivingCrew _crew;
    private readonly Acknowledger _acknowledger;

    /// <param name="memory">Where to.</param>
    /// <param name="sockets">Taken over.</param>
    /// <param name="link">What is placed is said over it.</param>
    /// <param name="fault">Gets what ends the acknowledging.</param>
    /// <param name="clock">The session's.</param>
    /// <param name="step">What is being done.</param>
    /// <param name="onEnd">Called on a channel's thread when it ends; null when the peer closed.</param>
    public LinkReceiver(
        GuestMemory memory, IReadOnlyList<IDataConnection> sockets, ControlLink link, SessionFault fault, SessionClock clock, Func<string> step,
        Action<Exception?> onEnd)
    {
        _received = new DirtyBitmap(memory);
        _acknowledger = new Acknowledger(link, fault, clock, step);
        _crew = new ReceivingCrew(memory, _received, [], fresh: false, mapped: true, sockets, _acknowledger.FenceArrived, onEnd);
    }

    /// <summary>Bytes that have come on each channel, counted with each call to the kernel.</summary>
    public ulong[] Bytes => [.. _crew.Channels.Select(channel => (ulong)channel.Counters.WireBytes)];

    public void Start() => _crew.Start();

    /// <summary>Says what is placed until <paramref name="stop"/>. Never throws.</summary>
    public Task AcknowledgeAsync(CancellationToken stop) => _acknowledger.RunAsync(_crew, stop);

    public void Dispose()
    {
        _crew.Dispose();
        _received.Dispose();
    }
}
