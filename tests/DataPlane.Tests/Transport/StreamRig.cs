using DataPlane.Core.Codecs;
using DataPlane.Linux.Sockets;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Receiving;
using DataPlane.Transport.Sending;

namespace DataPlane.Tests.Transport;

/// <summary>
/// One attempt to send a guest: both crews over real sockets, and a thread that acknowledges what is placed, as the return path does.
/// </summary>
internal sealed class StreamRig : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60); // Ends a test that hangs; no test waits for it.

    private readonly StreamGuest _guest;
    private readonly TaskCompletionSource<Exception?> _sourceEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _destinationEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _fences = new(0);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _acknowledging;
    private uint _fence;

    public StreamRig(
        StreamGuest guest, int channels, Relay? relay = null, bool fresh = false, bool mapped = false, ConnectionKind kind = ConnectionKind.Tcp4,
        IReadOnlyList<ReceivedSection>? sections = null, SendingOptions? sending = null, SuspectPages? suspects = null)
    {
        _guest = guest;
        var options = sending ?? new SendingOptions();
        var sockets = Enumerable.Range(0, channels).Select(_ => relay is not null ? Through(relay) : ConnectionKinds.Connect(kind)).ToArray();
        Sender = new ChannelCrew(
            guest.Source.Memory, guest.Bitmap, guest.Dirty, [.. sockets.Select(pair => pair.Client)], fault => _sourceEnded.TrySetResult(fault),
            options with { PageSums = suspects is not null });
        Receiver = new ReceivingCrew(
            guest.Destination.Memory, guest.Received, sections ?? [], fresh, mapped, [.. sockets.Select(pair => pair.Server)],
            _ => _fences.Release(), end => _destinationEnded.TrySetResult(end), options.Encodings, suspects);
        _acknowledging = new Thread(AcknowledgeUntilStopped) { IsBackground = true, Name = "acknowledge" };
        Receiver.Start();
        Sender.Start();
        _acknowledging.Start();
    }

    public ChannelCrew Sender { get; }

    public ReceivingCrew Receiver { get; }

    /// <summary>What ended the first channel of the destination: null when its peer closed.</summary>
    public Task<Exception?> DestinationEnded => _destinationEnded.Task.WaitAsync(Soon);

    /// <summary>What ended the first channel of either side.</summary>
    public async Task<Exception?> EndedAsync() => await await Task.WhenAny(_sourceEnded.Task, _destinationEnded.Task).WaitAsync(Soon);

    /// <summary>Waits until so many channels have run dry, reads the marks, and begins the next pass.</summary>
    public async Task EndPassAsync(int dry)
    {
        await Sender.WhenDryAsync(dry).WaitAsync(Soon);
        _ = _guest.Dirty.Sync(_guest.Bitmap);
        Sender.Pass++;
        Sender.NextGeneration();
    }

    public Task GiveAsync(OrderKind kind, IReadOnlyList<SectionBuffer>? sections = null) => Sender.Give(kind, sections: sections).Done.WaitAsync(Soon);

    /// <summary>Sends a fence and waits until it is placed on every channel.</summary>
    public async Task FenceAsync()
    {
        await Sender.Give(OrderKind.Fence, ++_fence).Done.WaitAsync(Soon);
        if (!await _fences.WaitAsync(Soon)) throw new TimeoutException($"Fence {_fence} did not arrive.");
    }

    /// <summary>The guest stands: what was marked since, over all channels, and a last fence.</summary>
    public async Task FinishAsync(IReadOnlyList<SectionBuffer>? sections = null)
    {
        await FenceAsync();
        _ = _guest.Dirty.Sync(_guest.Bitmap);
        await GiveAsync(OrderKind.FinalPages);
        if (sections is not null) await GiveAsync(OrderKind.DeviceState, sections);
        await FenceAsync();
        Acknowledge();
    }

    /// <summary>Ends both sides as a failure does, and marks again what is not known to be placed.</summary>
    public void Fail()
    {
        Sender.Abort();
        Sender.Join();
        Receiver.Dispose();
        StopAcknowledging();
        Sender.PutBack(_guest.Bitmap);
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
        StopAcknowledging();
        _stop.Dispose();
        _fences.Dispose();
    }

    private static (IDataConnection Client, IDataConnection Server) Through(Relay relay)
    {
        var (client, server) = SocketPair.Through(relay);
        return (new DataSocket(client), new DataSocket(server));
    }

    private void AcknowledgeUntilStopped()
    {
        while (!_stop.Wait(TimeSpan.FromMilliseconds(1))) Acknowledge();
    }

    private void Acknowledge()
    {
        foreach (var channel in Receiver.Channels)
            if (!Sender.Channels[channel.Number].Unacknowledged.Acknowledge(channel.Placed))
                throw new InvalidOperationException("More is placed than was sent.");
    }

    private void StopAcknowledging()
    {
        _stop.Set();
        _acknowledging.Join();
    }
}
