using System.Net.Sockets;

namespace DataPlane.Tests.Kit;

/// <summary>One connection through a relay: bytes from the client as the plan has it, bytes to the client as they come, or later.</summary>
internal sealed class RelayLane(Socket client, Socket server, RelayPlan plan, Task endOfStalls)
{
    private long _forwarded;

    /// <summary>Bytes that went on to the server.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>Completes when the connection has ended. Never fails: a broken connection is what relays are for.</summary>
    public Task Run() => Task.WhenAll(UntilBroken(ForwardAsync), UntilBroken(BackAsync));

    /// <summary>Ends both connections at once.</summary>
    public void Cut(bool resets = false)
    {
        if (resets) server.LingerState = new LingerOption(enable: true, seconds: 0);
        server.Dispose();
        client.Dispose();
    }

    /// <summary>A connection that breaks on one side is broken on the other, too.</summary>
    private async Task UntilBroken(Func<Task> direction)
    {
        try
        {
            await direction();
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            Cut();
        }
    }

    private async Task ForwardAsync()
    {
        var buffer = new byte[plan.MaxChunk];
        var sizes = plan.ChunkSeed is { } seed ? new Random(seed) : null;
        while (true)
        {
            if (_forwarded >= plan.StallAfter) await endOfStalls;
            var most = sizes?.Next(1, plan.MaxChunk + 1) ?? plan.MaxChunk;
            if (_forwarded < plan.StallAfter) most = (int)Math.Min(most, plan.StallAfter - _forwarded);
            var read = await client.ReceiveAsync(buffer.AsMemory(0, most));
            if (read == 0) break;
            var cut = read >= plan.CutAfter - _forwarded;
            if (cut) read = (int)(plan.CutAfter - _forwarded);
            plan.Tap?.Invoke(buffer.AsMemory(0, read));
            Flip(buffer.AsSpan(0, read));
            await Hold.ForAsync(plan.DelayThere);
            for (var sent = 0; sent < read;) sent += await server.SendAsync(buffer.AsMemory(sent, read - sent));
            Volatile.Write(ref _forwarded, _forwarded + read);
            if (cut)
            {
                Cut(plan.CutResets);
                return;
            }
            if (plan.BytesPerSecond > 0) await Task.Delay(TimeSpan.FromSeconds((double)read / plan.BytesPerSecond));
        }
        server.Shutdown(SocketShutdown.Send);
    }

    private async Task BackAsync()
    {
        var buffer = new byte[64 << 10];
        for (int read; (read = await server.ReceiveAsync(buffer)) > 0;)
        {
            await Hold.ForAsync(plan.DelayBack);
            for (var sent = 0; sent < read;) sent += await client.SendAsync(buffer.AsMemory(sent, read - sent));
        }
        client.Shutdown(SocketShutdown.Send);
    }

    private void Flip(Span<byte> bytes)
    {
        var at = (plan.FlipBit / 8) - _forwarded;
        if (plan.FlipBit >= 0 && at >= 0 && at < bytes.Length) bytes[(int)at] ^= (byte)(1 << (int)(plan.FlipBit % 8));
    }
}
