using System.Diagnostics;
using System.Text.Json;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Guests.Work;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Cli.Stress.Peers;

/// <summary>
/// One of the two processes of a run: has the guest, or memory that it can come to, and does with it what it is told. A guest that moves back and forth
/// leaves this process and comes back to it.
/// </summary>
internal sealed class StressPeer : IDisposable
{
    private static readonly TimeSpan _progress = TimeSpan.FromMilliseconds(250);

    private readonly MigrationSession _session;
    private readonly RunSettings _settings;
    private readonly PeerOrders _orders;
    private readonly IGuest _guest;
    private readonly Lock _writing = new();
    private MigrationListener? _listener;
    private MigrationDestination? _destination;
    private Task<MigrationResult>? _coming;

    private StressPeer(MigrationSession session, RunSettings settings, PeerOrders orders, IGuest guest) =>
        (_session, _settings, _orders, _guest) = (session, settings, orders, guest);

    /// <param name="session">Its output is for answers alone.</param>
    /// <param name="settings">The run.</param>
    /// <param name="orders">What it is told.</param>
    /// <param name="here">Whether the guest begins here.</param>
    public static async Task<StressPeer> MakeAsync(MigrationSession session, RunSettings settings, PeerOrders orders, bool here)
    {
        var options = settings.Guest(here ? MigrationSide.Source : MigrationSide.Destination, session.Guest.Kind, session.Seed);
        OptionFaults.Throw(options.Validate());
        MemoryDirectory.Create(options);
        _ = MigrationProcess.PrepareAsync(); // While memory is filled there is time.
        var guest = await Task.Run(() => here ? Guest.CreateSource(options) : Guest.CreateDestination(options)).WaitAsync(session.Cancel);
        if (here) guest.Start();
        return new StressPeer(session, settings, orders, guest);
    }

    /// <summary>Follows orders until there are none.</summary>
    public async Task ServeAsync()
    {
        Write(new PeerReply { Address = "ready" });
        await foreach (var request in _orders.ReadAllAsync())
        {
            PeerReply reply;
            try
            {
                reply = request.Do switch
                {
                    PeerOrder.Listen => new PeerReply { Address = Listen(request.Address!) },
                    PeerOrder.Send => new PeerReply { Sent = await SendAsync(request.Address!) },
                    PeerOrder.Take => new PeerReply { Taken = await TakeAsync() },
                    var other => throw new InvalidOperationException($"There is no order {other}."),
                };
            }
            catch (Exception fault) when (fault is MigrationException or UsageException or ArgumentException or IOException or InvalidOperationException)
            {
                reply = new PeerReply { Error = fault is MigrationException known ? known.Error.Message : fault.Message };
            }
            Write(reply);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _destination?.Dispose();
        _listener?.Dispose();
        _guest.Dispose();
    }

    private string Listen(string at)
    {
        _listener = MigrationListener.Bind(Parse(at));
        _destination = new MigrationDestination(_guest.Memory, _guest, _settings.Destination(_session.Guest.Kind, _session.Seed, _session.Display.Note));
        _coming = _destination.RunAsync(_listener, _orders.Cancel);
        return _listener.Address.ToString();
    }

    private async Task<PeerTaken> TakeAsync()
    {
        var result = await _coming!;
        var guest = result.Status == MigrationStatus.Completed ? await RunOnAsync() : null;
        _destination!.Dispose();
        _listener!.Dispose();
        return new PeerTaken(result.Status.ToString(), result.Error?.Message, guest);
    }

    private async Task<PeerSent> SendAsync(string to)
    {
        var cancel = _orders.Cancel;
        var options = _settings.Migration(_session.Display.Note);
        OptionFaults.Throw(options.Validate());
        using var dirty = _guest.CreateDirtySource(_settings.DirtySource);
        using var source = new MigrationSource(_guest.Memory, dirty, _guest, options);
        using var work = new GuestWorkSampler(_guest, TimeProvider.System);
        using var progress = new Timer(_ => Write(new PeerReply { Progress = ProgressLine.Of(source.Progress, options.DowntimeLimit) }), null, _progress, _progress);
        await Task.Delay(_settings.Settle, cancel).ContinueWith(_ => { }, TaskScheduler.Default); // Cancelled is told by the migration.
        work.Begin();
        var result = await source.RunAsync(Parse(to), cancel);
        var noticed = work.End();
        var running = _guest.IsRunning;
        if (running) await _guest.PauseAsync(CancellationToken.None);
        var invariant = _guest.CheckInvariant();
        if (running) await _guest.ResumeAsync(CancellationToken.None);
        return new PeerSent(_session.Options.Into(result).ToJson(), running, invariant, noticed);
    }

    private async Task<GuestReport> RunOnAsync()
    {
        using var work = new GuestWorkSampler(_guest, TimeProvider.System);
        var (taken, since) = (_guest.WriteCount, Stopwatch.GetTimestamp());
        await Task.Delay(_settings.RunFor, _orders.Cancel).ContinueWith(_ => { }, TaskScheduler.Default); // It has come, and is looked at all the same.
        await _guest.PauseAsync(CancellationToken.None);
        var (ran, noticed) = (Stopwatch.GetElapsedTime(since), work.End());
        var report = new GuestReport(ran.TotalMilliseconds, _guest.WriteCount - taken, _guest.CheckInvariant(), noticed);
        await _guest.ResumeAsync(CancellationToken.None);
        return report;
    }

    private void Write(PeerReply reply)
    {
        var line = JsonSerializer.Serialize(reply, PeerJson.Default.PeerReply);
        lock (_writing)
        {
            _session.Out.WriteLine(line);
            _session.Out.Flush();
        }
    }

    private static MigrationAddress Parse(string text) =>
        MigrationAddress.TryParse(text, out var address, out var fault) ? address! : throw new InvalidOperationException(fault);
}
