using DataPlane.Cli.Output.Live;
using DataPlane.Cli.Record;
using DataPlane.Cli.Units;
using DataPlane.Core.Dirty;
using DataPlane.Guests;
using DataPlane.Guests.Work;
using DataPlane.Options;

namespace DataPlane.Cli.Run;

/// <summary>The source's guest from its creation to the moment when it has left, or is known to have stayed.</summary>
internal sealed class SourceRun : IDisposable
{
    private readonly MigrationSession _session;
    private readonly IGuest _guest;
    private readonly DirtyOrders _orders;

    private SourceRun(MigrationSession session, IGuest guest, DirtyOrders orders) => (_session, _guest, _orders) = (session, guest, orders);

    /// <summary>Makes the guest and fills its memory.</summary>
    public static async Task<SourceRun> PrepareAsync(MigrationSession session, GuestOptions options)
    {
        OptionFaults.Throw(options.Validate());
        MemoryDirectory.Create(options);
        _ = MigrationProcess.PrepareAsync(); // While memory is filled there is time.
        session.ShowWork($"source: filling {ForPeople.Size(options.MemoryBytes)} of memory");
        var guest = await Task.Run(() => Guest.CreateSource(options)).WaitAsync(session.Cancel);
        return new SourceRun(session, guest, options.Orders);
    }

    /// <summary>Lets the guest run for <paramref name="settle"/> and migrates it.</summary>
    public async Task<SourceOutcome> MigrateAsync(MigrationAddress to, string dirtySource, MigrationOptions options, TimeSpan settle)
    {
        OptionFaults.Throw(options.Validate());
        using var dirty = new DirtyWitness(CreateDirtySource(dirtySource), _guest.Memory);
        _guest.Start();
        _session.ShowWork("source: the guest warms up");
        using var work = new GuestWorkSampler(_guest, TimeProvider.System);
        await Task.Delay(settle, _session.Cancel);
        using var source = new MigrationSource(_guest.Memory, dirty, _guest, options);
        _session.Display.ShowView(MigrationView.Of(source, options.DowntimeLimit));
        using var word = options.PauseBeforeSwitchover ? new ContinueWord(source, _session.Display) : null;
        var proof = new DirtyProof(_guest, dirty, _orders);
        work.Begin();
        var result = await source.RunAsync(to, _session.Cancel);
        var noticed = work.End();
        result = proof.Into(result);
        _session.Display.Show(null);
        var stayed = _guest.IsRunning;
        if (stayed) await _guest.PauseAsync(CancellationToken.None);
        return new SourceOutcome(_session.Options.Into(result) with { GuestWork = GuestWorkAccount.Of(noticed, null) }, stayed, _guest.CheckInvariant(), noticed);
    }

    /// <inheritdoc/>
    public void Dispose() => _guest.Dispose();

    private IDirtySource CreateDirtySource(string name)
    {
        try
        {
            return _guest.CreateDirtySource(name);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException($"--dirty-source '{name}': {fault.Message.Replace($" (Parameter '{fault.ParamName}')", "", StringComparison.Ordinal)}");
        }
    }
}
