using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux;
using DataPlane.Sessions;

namespace DataPlane.Tools.Link;

/// <summary>One measurement from the client's side, with one number of channels. What was measured stands in it, however it ends.</summary>
internal sealed class LinkRun(LinkOptions options, int channels, SessionClock clock)
{
    private const int IdlePings = 20;

    // As often as that shows how a queue fills, and 20 messages of 60 bytes a second take nothing from the bulk.
    private static readonly TimeSpan PingPeriod = TimeSpan.FromMilliseconds(50);

    // Fresh 4 KiB pages are populated at 1 GB/s or more, and noise is written as fast: a server that needs four times as long hangs.
    private const double MadePerSecond = 256 << 20;

    // For the last reading of a bulk that was called off, and for a server to close.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private volatile string _step = "connect";
    private volatile LinkPhase _phase;
    private long _phaseBegan = clock.Nanoseconds;
    private double? _rate;

    public int Channels => channels;

    /// <summary>The congestion control of what this side connected; null before, and on other sockets than TCP.</summary>
    public string? Congestion { get; private set; }

    /// <summary>Whether all was measured.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The bulk, interval by interval.</summary>
    public List<LinkInterval> Intervals { get; } = [];

    /// <summary>At the bulk's begin and at its end so far; null where it has not come to that.</summary>
    public LinkReading? First { get; private set; }

    /// <inheritdoc cref="First"/>
    public LinkReading? Last { get; private set; }

    public LinkSpread? IdleRoundTrip { get; private set; }

    public LinkSpread? LoadedRoundTrip { get; private set; }

    /// <summary>What came behind the bulk, by direction.</summary>
    public Dictionary<LinkDirection, (LinkFinalSet? Final, LinkSwitchover? Switchover)> Tail { get; } = [];

    public LinkProgress Progress => new(_phase, channels, TimeSpan.FromMicroseconds((clock.Nanoseconds - Volatile.Read(ref _phaseBegan)) / 1e3), _rate);

    /// <summary>Measures. Throws <see cref="MigrationException"/> for what went wrong, <see cref="OperationCanceledException"/> when called off.</summary>
    public async Task RunAsync(MigrationAddress to, LinkMemories memories, int more, CancellationToken stop)
    {
        Enter(LinkPhase.Setup, "connect");
        LinkEnd? end = null;
        try
        {
            var connection = await new LinkHandshake(options, clock).RunAsync(to, channels, stop);
            Congestion = connection.Congestion;
            end = await MakeEndAsync(connection, memories);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Fault.Stopping);
            await MeasureAsync(end, more, stop, both.Token);
        }
        catch (OperationCanceledException) when (end?.Fault.Error is { } error)
        {
            throw new MigrationException(error);
        }
        catch (Exception fault) when (fault is MigrationException or LinuxException or IOException)
        {
            // What the peer said on the control link is heard behind a channel that broke.
            if (end is not null && end.Fault.Error is not null) _ = await Task.WhenAny(end.Heard, Task.Delay(LastWords / 4, CancellationToken.None));
            throw new MigrationException(end?.Fault.Error ?? LinkFaults.Of(fault, LinkSide.Client, _step));
        }
        finally
        {
            if (end is not null) await end.DisposeAsync();
            _phase = LinkPhase.Ended;
        }
    }

    private async Task<LinkEnd> MakeEndAsync(LinkConnection connection, LinkMemories memories)
    {
        try
        {
            return await Task.Run(() => new LinkEnd(connection, memories, options.MemoryBytes, LinkSide.Client, clock));
        }
        catch
        {
            foreach (var socket in connection.Data) socket.Dispose();
            await connection.Link.DisposeAsync();
            throw;
        }
    }

    private async Task MeasureAsync(LinkEnd end, int more, CancellationToken stop, CancellationToken both)
    {
        var orders = new LinkOrders(end.Link);
        await end.StartAsync(new LinkInbox(end) { Take = orders.Take }, first: null, options.IdleTimeout, both);
        await ReadyAsync(orders, end, both);
        IdleRoundTrip = await RoundTripsAsync(end, both);
        var senders = new Dictionary<LinkDirection, ILinkSender>();
        if (end.Sender is { } local) senders[LinkDirection.ToServer] = local;
        if (options.Ways.HasFlag(LinkWays.ToClient)) senders[LinkDirection.ToClient] = new RemoteSender(orders);
        try
        {
            await BulkAsync(end, orders, senders.Values, both);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && end.Fault.Error is null)
        {
            await LeaveAsync(end, orders, more: 0);
            throw;
        }
        Enter(end, LinkPhase.Drain, "drain");
        await Task.WhenAll(senders.Values.Select(sender => sender.FenceAsync(both)));
        foreach (var (direction, sender) in senders)
        {
            var tail = new LinkTail(sender, options.FinalSetBytes, IdleRoundTrip);
            Enter(end, LinkPhase.FinalSet, "final-set");
            Tail[direction] = (await tail.FinalSetAsync(both), null);
            Enter(end, LinkPhase.Switchover, "switchover");
            Tail[direction] = Tail[direction] with { Switchover = await tail.SwitchoverAsync(() => RoundTripsAsync(end, both), both) };
        }
        IsComplete = true;
        await LeaveAsync(end, orders, more);
    }

    private async Task ReadyAsync(LinkOrders orders, LinkEnd end, CancellationToken both)
    {
        Enter(end, LinkPhase.Setup, "setup");
        var allowed = options.HandshakeTimeout + TimeSpan.FromSeconds(2 * options.MemoryBytes / MadePerSecond);
        try
        {
            await orders.Ready.WaitAsync(allowed, both);
        }
        catch (TimeoutException)
        {
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.Timeout, MigrationSide.Source, "setup", $"The server did not become ready within {allowed.TotalSeconds:0.#} s. It makes {options.MemoryBytes >> 20} MiB of memory first: take less (--memory)."));
        }
    }

    private static async Task<LinkSpread> RoundTripsAsync(LinkEnd end, CancellationToken both)
    {
        _ = end.Pongs.Draw();
        for (var i = 0; i < IdlePings; i++)
        {
            var heard = end.Pongs.Next;
            await LinkWatch.PingAsync(end, both);
            await heard.WaitAsync(both);
        }
        return end.Pongs.Draw()!;
    }

    private async Task BulkAsync(LinkEnd end, LinkOrders orders, IEnumerable<ILinkSender> senders, CancellationToken both)
    {
        Enter(end, LinkPhase.Bulk, "bulk");
        First = Last = await ReadAsync(end, orders, both);
        foreach (var sender in senders) await sender.BulkAsync(both);
        var begun = clock.Nanoseconds;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(both);
        var pinging = PingAsync(end, over.Token);
        try
        {
            for (var done = TimeSpan.Zero; done < options.Duration;)
            {
                var next = done + options.Interval;
                if (next > options.Duration) next = options.Duration;
                if (next - Since(begun) is { Ticks: > 0 } wait) await Task.Delay(wait, both);
                Tell(await ReadAsync(end, orders, both));
                done = next;
            }
        }
        catch (OperationCanceledException) when (end.Fault.Error is null)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(end.Fault.Stopping);
            limit.CancelAfter(LastWords);
            Tell(await ReadAsync(end, orders, limit.Token));
            throw;
        }
        finally
        {
            await over.CancelAsync();
            await pinging;
            LoadedRoundTrip = end.Pongs.Draw();
        }
    }

    private void Tell(LinkReading reading)
    {
        var channels = reading.Since(Last!);
        var sum = reading.Sum(Last!, channels, options.Direction);
        Last = reading;
        _rate = sum.BitsPerSecond;
        // When it was read, not when it was to be: on a busy host that differs, and bytes go with their time.
        var interval = new LinkInterval(Intervals.Count == 0 ? 0 : Intervals[^1].EndSeconds, Math.Round(reading.Seconds(First!, options.Direction), 3), channels, sum);
        Intervals.Add(interval);
        options.OnInterval?.Invoke(interval);
    }

    private async Task<LinkReading> ReadAsync(LinkEnd end, LinkOrders orders, CancellationToken cancel)
    {
        var remote = await orders.SampleAsync(cancel);
        return new LinkReading(end.Sample(0), remote, options.Ways, channels).Checked();
    }

    private static async Task PingAsync(LinkEnd end, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PingPeriod);
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) await LinkWatch.PingAsync(end, stop);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Says that it was all, and waits until the server is free again. What fails here no longer matters.</summary>
    private static async Task LeaveAsync(LinkEnd end, LinkOrders orders, int more)
    {
        end.Through();
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await orders.EndAsync(more, limit.Token);
            await end.Heard.WaitAsync(limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException)
        {
            // The server finds out by the closed connection.
        }
    }

    private TimeSpan Since(long nanoseconds) => TimeSpan.FromMicroseconds((clock.Nanoseconds - nanoseconds) / 1e3);

    private void Enter(LinkEnd end, LinkPhase phase, string step)
    {
        Enter(phase, step);
        end.Step = step;
    }

    private void Enter(LinkPhase phase, string step)
    {
        Volatile.Write(ref _phaseBegan, clock.Nanoseconds);
        (_phase, _step) = (phase, step);
    }
}
