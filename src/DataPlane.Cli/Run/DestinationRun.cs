using System.Diagnostics;
using DataPlane.Cli.Output.Live;
using DataPlane.Cli.Units;
using DataPlane.Guests;
using DataPlane.Guests.Work;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>One guest at the destination: its empty memory, the migration into it, and its run from there on.</summary>
internal sealed class DestinationRun : IDisposable
{
    private readonly MigrationSession _session;
    private readonly IGuest _guest;

    private DestinationRun(MigrationSession session, IGuest guest) => (_session, _guest) = (session, guest);

    /// <summary>Makes the memory that the guest will come to.</summary>
    public static async Task<DestinationRun> PrepareAsync(MigrationSession session, GuestOptions options)
    {
        OptionFaults.Throw(options.Validate());
        MemoryDirectory.Create(options);
        _ = MigrationProcess.PrepareAsync(); // While memory is made there is time.
        session.ShowWork($"destination: {(options.Poison ? "poisoning" : "making")} {ForPeople.Size(options.MemoryBytes)} of memory");
        var guest = await Task.Run(() => Guest.CreateDestination(options)).WaitAsync(session.Cancel);
        return new DestinationRun(session, guest);
    }

    /// <summary>Takes a guest from <paramref name="listener"/>, lets it run for <paramref name="runFor"/> or until an interrupt, and stops it.</summary>
    public async Task<DestinationOutcome> TakeAsync(MigrationListener listener, MigrationDestinationOptions options, TimeSpan? runFor)
    {
        OptionFaults.Throw(options.Validate());
        using var destination = new MigrationDestination(_guest.Memory, _guest, options);
        _session.Display.ShowView(MigrationView.Of(destination, $"waiting for a source on {listener.Address}"));
        var result = await destination.RunAsync(listener, _session.Cancel);
        _session.Display.Show(null);
        if (result.Status == MigrationStatus.Completed && runFor is null)
        {
            // It may run on for days: what there is to be known of the migration is known by now.
            _session.Json.WriteSoFar(_session.Options.Into(result), _session.Display.Say);
            _session.Display.Say("completed: the guest moved here and runs on until Ctrl-C, which stops it and gives the result");
        }
        var guest = result.Status == MigrationStatus.Completed ? await RunOnAsync(runFor) : null;
        var noticed = GuestWorkAccount.Of(null, guest is null ? null : guest.Work with { Began = Began(result) });
        return new DestinationOutcome(_session.Options.Into(result) with { GuestWork = noticed }, guest);
    }

    /// <inheritdoc/>
    public void Dispose() => _guest.Dispose();

    /// <summary>When the migration began, of CLOCK_MONOTONIC: so long before the guest ran here as the result says that it took.</summary>
    private long? Began(MigrationResult result) => (long?)((_guest as IGuestMoments)?.ResumedAt - (result.TotalTime * 1e6));

    private async Task<GuestReport> RunOnAsync(TimeSpan? runFor)
    {
        using var work = new GuestWorkSampler(_guest, TimeProvider.System);
        var taken = _guest.WriteCount;
        var since = Stopwatch.GetTimestamp();
        _session.Display.Show(() => runFor is null ? "the guest runs on here until Ctrl-C"
            : $"the guest runs on here, {ForPeople.Counted(_guest.WriteCount - taken, "page")} written since it came");
        try
        {
            await Task.Delay(runFor ?? Timeout.InfiniteTimeSpan, _session.Cancel);
        }
        catch (OperationCanceledException)
        {
            // An interrupt only ends the run earlier: the guest has come, and is stopped and checked all the same.
        }
        await _guest.PauseAsync(CancellationToken.None);
        var ran = Stopwatch.GetElapsedTime(since);
        _session.Display.Show(null);
        var noticed = work.End();
        var invariant = _guest.CheckInvariant();
        return new GuestReport(ran.TotalMilliseconds, _guest.WriteCount - taken, invariant, noticed);
    }
}
