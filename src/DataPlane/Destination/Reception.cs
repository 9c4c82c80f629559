using System.Net.Sockets;
using System.Security.Cryptography;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Sessions;
using DataPlane.Transport.Control;
using DataPlane.Transport.Sending;

namespace DataPlane.Destination;

/// <summary>What the handshake made: the control link and all data sockets.</summary>
internal sealed record DestinationConnection(ControlLink Link, IReadOnlyList<DataSocket> Data) : IAsyncDisposable
{
    /// <summary>Closes what is open yet. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var socket in Data) socket.Dispose();
        await Link.DisposeAsync();
    }
}

/// <summary>
/// Answers the door: every connection gets the handshake timeout to show a preamble. A control connection that fits becomes the session;
/// data connections with the session's token join it. All others are refused, counted and logged, and change nothing.
/// </summary>
internal sealed class Reception(DestinationState state, MigrationListener listener) : IDisposable
{
    // Strangers that connect and say nothing each hold a socket until the timeout; more than these wait in the kernel's queue.
    private const int MaxUnknown = 64;

    private readonly SemaphoreSlim _unknown = new(MaxUnknown, MaxUnknown);
    private readonly object _gate = new();
    private readonly TaskCompletionSource<DestinationConnection> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Guid _session;
    private Guid _token;
    private ControlLink? _link;
    private DataSocket?[] _data = [];

    /// <summary>Completes when a source has passed the handshake and all its channels have joined.</summary>
    public Task<DestinationConnection> Complete => _complete.Task;

    /// <summary>Accepts until <paramref name="stop"/>; returns when every connection in hand is finished with.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var inHand = new List<Task>();
        try
        {
            while (true)
            {
                await _unknown.WaitAsync(stop);
                var socket = await listener.AcceptAsync(stop);
                _ = inHand.RemoveAll(task => task.IsCompleted);
                inHand.Add(MeetAsync(socket, stop));
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            _ = _complete.TrySetException(new MigrationException(new MigrationError(
                MigrationErrorCode.CannotConnect, MigrationSide.Destination, "listen", $"The listener ended: {fault.Message}"), fault));
        }
        await Task.WhenAll(inHand);
    }

    public void Dispose() => _unknown.Dispose();

    private async Task MeetAsync(Socket socket, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(state.Options.HandshakeTimeout);
        var from = Describe(socket);
        try
        {
            var preamble = await ReadPreambleAsync(socket, limit.Token);
            if (preamble.Role == ConnectionRole.Data) JoinChannel(socket, preamble);
            else await OpenSessionAsync(socket, preamble, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Refuse(socket, from, $"it did not finish the handshake within {state.Options.HandshakeTimeout.TotalSeconds:0.###} s");
        }
        catch (Exception fault) when (fault is MigrationException or SocketException or IOException or LinuxException)
        {
            Refuse(socket, from, fault is MigrationException known ? known.Error.Message : fault.Message);
        }
        finally
        {
            _ = _unknown.Release();
        }
    }

    private static async Task<Preamble> ReadPreambleAsync(Socket socket, CancellationToken cancel)
    {
        var bytes = new byte[Preamble.Size];
        for (var filled = 0; filled < bytes.Length;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(filled), cancel);
            if (read == 0) throw Refusal("It closed the connection before the preamble was complete.");
            filled += read;
        }
        return Preamble.TryRead(bytes, out var preamble, out var fault) ? preamble : throw Refusal(fault!);
    }

    private async Task OpenSessionAsync(Socket socket, Preamble preamble, CancellationToken cancel)
    {
        var link = new ControlLink(socket, MigrationSide.Destination, state.Clock.Time);
        try
        {
            var version = ProtocolVersion.Choose(preamble.OldestVersion, preamble.NewestVersion);
            if (version == 0)
                throw Refusal(
                    $"The source speaks protocol versions {preamble.OldestVersion} to {preamble.NewestVersion}, the destination {ProtocolVersion.Oldest} to {ProtocolVersion.Newest}.",
                    MigrationErrorCode.VersionMismatch);
            var hello = await link.ReceiveAsync(cancel) as HelloMessage ?? throw Refusal("The first message is not a hello.");
            Examine(hello);
            var token = new Guid(RandomNumberGenerator.GetBytes(16));
            Begin(link, hello, preamble.Session, token);
            FirstMessage = link.ReceiveAsync(CancellationToken.None).AsTask();
            await link.SendAsync(Accept(version, hello, token), cancel);
            await AwaitChannelsAsync(link, cancel);
        }
        catch (Exception fault) when (fault is MigrationException or OperationCanceledException)
        {
            if (!TryForget(link)) return;
            if (fault is MigrationException refusal) await SayWhyAsync(link, refusal.Error);
            await link.DisposeAsync();
            throw;
        }
    }

    private void Examine(HelloMessage hello)
    {
        var mismatch = LayoutDescription.FindMismatch(hello, state.Memory, state.Sections);
        if (mismatch is not null) throw Refusal(mismatch, MigrationErrorCode.LayoutMismatch);
        if (hello.Channels < 1 || hello.Channels > state.Options.MaxChannels)
            throw Refusal($"The source asks for {hello.Channels} channels, the destination takes 1 to {state.Options.MaxChannels}.", MigrationErrorCode.Refused);
        long size = 0;
        foreach (var section in hello.Sections)
        {
            if (section.Size > SectionBuffer.MaxSize)
                throw Refusal($"Device section '{section.Id}' announces {section.Size} bytes; at most {SectionBuffer.MaxSize} fit into one.", MigrationErrorCode.Refused);
            if (section.Size < 0 || section.Size > state.Options.MaxDeviceStateBytes - size)
                throw Refusal(
                    $"The source announces more than {state.Options.MaxDeviceStateBytes} bytes of device state, the most the destination takes.",
                    MigrationErrorCode.Refused);
            size += section.Size;
        }
        if (PageFeatures.WhyMissing(hello.Required) is { } missing)
            throw Refusal($"The source requires what the destination lacks: {missing}", MigrationErrorCode.VersionMismatch);
    }

    private void Begin(ControlLink link, HelloMessage hello, Guid session, Guid token)
    {
        lock (_gate)
        {
            if (_link is not null) throw Refusal("The destination is busy with another source.", MigrationErrorCode.Refused);
            (_link, _session, _token) = (link, session, token);
            _data = new DataSocket?[hello.Channels];
            state.Hello = hello;
        }
    }

    private AcceptMessage Accept(ushort version, HelloMessage hello, Guid token) => new(
        version, hello.Offered & PageFeatures.OfThisHost, token,
        (byte)(state.Options.Populate ? DestinationMemory.Populated : state.Options.Memory),
        (uint)state.Memory.Blocks.Min(block => block.Info.BackingPageSize));

    /// <summary>
    /// The read of the session's first message, under way since before the source was accepted: until all channels have joined it
    /// can only be a ping, or tell that the source gave up.
    /// </summary>
    public Task<IControlMessage>? FirstMessage { get; private set; }

    private async Task AwaitChannelsAsync(ControlLink link, CancellationToken cancel)
    {
        while (await Task.WhenAny(_complete.Task, FirstMessage!).WaitAsync(cancel) == FirstMessage)
        {
            switch (await FirstMessage)
            {
                case PingMessage ping: // The source is through with its part and waits. That it gives up, or is gone, has to be heard.
                    if (!await TryHearMoreAsync(link, ping, cancel)) return;
                    break;
                case FailedMessage failed:
                    throw Refusal($"The source gave up: {failed.Message}", MigrationErrorCode.Cancelled);
                default:
                    throw Refusal("A message came before the data channels had joined.");
            }
        }
    }

    /// <summary>Answers a ping and reads on. False when the last channel has joined meanwhile: then the ping is the session's.</summary>
    private async Task<bool> TryHearMoreAsync(ControlLink link, PingMessage ping, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_complete.Task.IsCompleted) return false;
            FirstMessage = link.ReceiveAsync(CancellationToken.None).AsTask();
        }
        await link.SendAsync(new PongMessage(ping.SentNanoseconds, state.Clock.Nanoseconds), cancel);
        return true;
    }

    private void JoinChannel(Socket socket, Preamble preamble)
    {
        lock (_gate)
        {
            if (_link is null || preamble.Session != _session || preamble.Token != _token)
                throw Refusal("It shows no token of the present session.");
            if (preamble.Channel >= _data.Length || _data[preamble.Channel] is not null)
                throw Refusal($"Channel {preamble.Channel} is not awaited.");
            if (socket.ProtocolType == ProtocolType.Tcp) TcpTuning.SetCongestion(socket, state.Options.Congestion, 0);
            _data[preamble.Channel] = new DataSocket(socket);
            if (Array.TrueForAll(_data, channel => channel is not null))
                _ = _complete.TrySetResult(new DestinationConnection(_link, [.. _data.Select(channel => channel!)]));
        }
    }

    /// <summary>A session that did not become complete leaves room for the next. False when it did become complete.</summary>
    private bool TryForget(ControlLink link)
    {
        lock (_gate)
        {
            if (_link != link) return true;
            if (_complete.Task.IsCompleted) return false;
            foreach (var channel in _data) channel?.Dispose();
            (_link, _data) = (null, []);
            return true;
        }
    }

    private static async Task SayWhyAsync(ControlLink link, MigrationError error)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await link.SendAsync(FailedMessage.Of(error), limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException)
        {
            // The peer is gone or does not listen; the log has the reason.
        }
    }

    private void Refuse(Socket socket, string from, string why)
    {
        state.Log($"refused a connection from {from}: {why}");
        socket.Dispose();
    }

    private static string Describe(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() is { Length: > 0 } end ? end : "a local process";
        }
        catch (SocketException)
        {
            return "a peer that is gone";
        }
    }

    private static MigrationException Refusal(string message, MigrationErrorCode code = MigrationErrorCode.ProtocolViolation) =>
        new(new MigrationError(code, MigrationSide.Destination, "handshake", message));
}
