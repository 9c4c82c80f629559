using System.Buffers.Binary;
using System.Net.Sockets;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Tests.Trouble;

/// <summary>One connection through a <see cref="WireRelay"/>, and what can be done to it. For any thread.</summary>
internal sealed class WireLane(WireRelay relay, Socket client, Socket server)
{
    // A part of a frame's payload: the rest is still to come when the test is asked.
    private const int PartOfPayload = 1000;

    private readonly TaskCompletionSource<int> _channel = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _never = new();
    private readonly bool[] _closedHalf = new bool[2];
    private readonly bool[] _receiverGone = new bool[2];
    private volatile bool _stalled;
    private volatile bool _slow;
    private volatile int _singleBytes;

    /// <summary>Number of the data channel, -1 for the control connection, null before its preamble has come.</summary>
    public int? Channel => _channel.Task.IsCompletedSuccessfully ? _channel.Task.Result : null;

    /// <summary>Ends it on both sides: by an orderly end, or at once and with what is on its way thrown away.</summary>
    public void Cut(bool reset)
    {
        _ = _never.TrySetCanceled();
        foreach (var socket in (Socket[])[client, server])
        {
            if (reset) socket.Close(0); // A reset, also where the peer has closed already.
            else socket.Dispose();
        }
    }

    /// <summary>Nothing moves any more in either direction, and nobody is told.</summary>
    public void Stall() => _stalled = true;

    /// <summary>1 KB/s in each direction from now on.</summary>
    public void Slow() => _slow = true;

    /// <summary>The next <paramref name="count"/> bytes go on one by one.</summary>
    public void SingleBytes(int count) => _singleBytes = count;

    /// <summary>One direction ends in order; what its sender sends is thrown away. The other goes on.</summary>
    public void CloseHalf(bool towardsDestination)
    {
        _closedHalf[towardsDestination ? 1 : 0] = true;
        (towardsDestination ? server : client).Shutdown(SocketShutdown.Send);
    }

    /// <summary>Completes when the connection has ended. Never fails.</summary>
    public Task RunAsync() => Task.WhenAll(PumpAsync(client, server, towardsDestination: true), PumpAsync(server, client, towardsDestination: false));

    private async Task PumpAsync(Socket from, Socket to, bool towardsDestination)
    {
        var buffer = new byte[64 << 10];
        try
        {
            if (towardsDestination)
            {
                _ = await client.ReceiveAsync(Memory<byte>.Empty); // Something is there: so the one who connects knows that it is connected.
                await relay.OnConnect(this);
            }
            if (!towardsDestination || await PassPreambleAsync(buffer))
            {
                var channel = await _channel.Task;
                if (channel < 0 || towardsDestination)
                    while (await PassUnitAsync(from, to, buffer, channel, towardsDestination))
                    {
                    }
                else _ = await from.ReceiveAsync(buffer); // Nothing comes back on a data channel but its end.
            }
            if (_stalled) await _never.Task;
            if (!_closedHalf[towardsDestination ? 1 : 0]) to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            if (_stalled) _ = await Task.WhenAny(_never.Task); // Nor does the end of one side come through.
            // One side is gone, and the other finds out in the same way; whoever it was, what it said last still goes on.
            if (!_receiverGone[towardsDestination ? 1 : 0]) to.Close(0);
        }
        _ = _channel.TrySetCanceled();
    }

    private async Task<bool> PassPreambleAsync(byte[] buffer)
    {
        if (!await FillAsync(client, buffer, Preamble.Size)) return false;
        var control = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(8)) != (ushort)ConnectionRole.Data;
        var channel = control ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(10));
        _ = _channel.TrySetResult(channel);
        await PassAsync(client, server, buffer, Preamble.Size, 0, new WireUnit(channel, 0, 0, 0, 0), towardsDestination: true);
        return true;
    }

    private async Task<bool> PassUnitAsync(Socket from, Socket to, byte[] buffer, int channel, bool towardsDestination)
    {
        var size = channel < 0 ? ControlHeader.Size : FrameHeader.Size;
        if (!await FillAsync(from, buffer, size)) return false;
        var unit = WireUnit.Read(channel, buffer, out var payload);
        await PassAsync(from, to, buffer, size, payload, unit, towardsDestination);
        return true;
    }

    private async Task PassAsync(Socket from, Socket to, byte[] buffer, int header, long payload, WireUnit unit, bool towardsDestination)
    {
        var fate = await relay.BeforeUnit(unit);
        if (fate == Fate.HeaderDamaged || (fate == Fate.PayloadDamaged && payload == 0)) buffer[header - 1] ^= 0x10;
        if (fate != Fate.Swallowed) await SendAsync(to, buffer.AsMemory(0, header), towardsDestination);
        for (var first = true; payload > 0; first = false)
        {
            var part = (int)Math.Min(payload, first ? PartOfPayload : buffer.Length);
            if (!await FillAsync(from, buffer, part)) throw new SocketException((int)SocketError.ConnectionReset);
            payload -= part;
            if (payload == 0 && fate == Fate.PayloadDamaged) buffer[part - 1] ^= 0x10;
            if (fate != Fate.Swallowed) await SendAsync(to, buffer.AsMemory(0, part), towardsDestination);
            if (first && payload > 0 && !unit.IsControl) await relay.WithinFrame(unit);
        }
    }

    private static async Task<bool> FillAsync(Socket from, byte[] buffer, int count)
    {
        for (var filled = 0; filled < count;)
        {
            var read = await from.ReceiveAsync(buffer.AsMemory(filled, count - filled));
            if (read == 0 && filled > 0) throw new SocketException((int)SocketError.ConnectionReset);
            if (read == 0) return false;
            filled += read;
        }
        return true;
    }

    private async ValueTask<int> SendSomeAsync(Socket to, ReadOnlyMemory<byte> bytes, bool towardsDestination)
    {
        try
        {
            return await to.SendAsync(bytes);
        }
        catch (SocketException)
        {
            _receiverGone[towardsDestination ? 1 : 0] = true;
            throw;
        }
    }

    private async ValueTask SendAsync(Socket to, ReadOnlyMemory<byte> bytes, bool towardsDestination)
    {
        while (bytes.Length > 0)
        {
            if (_stalled) await _never.Task;
            if (_closedHalf[towardsDestination ? 1 : 0]) return;
            var most = _singleBytes > 0 ? 1 : _slow ? 50 : bytes.Length;
            var sent = await SendSomeAsync(to, bytes[..Math.Min(most, bytes.Length)], towardsDestination);
            if (_singleBytes > 0) _ = Interlocked.Decrement(ref _singleBytes);
            if (_slow) _ = await Task.WhenAny(_never.Task, Task.Delay(TimeSpan.FromMilliseconds(sent))); // A byte per millisecond.
            bytes = bytes[sent..];
        }
    }
}
