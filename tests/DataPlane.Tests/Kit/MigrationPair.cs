using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Source;

namespace DataPlane.Tests.Kit;

/// <summary>
/// Both sides of one migration in this process, over TCP where nothing else is asked for: memories, hosts with hooks, options, a listener.
/// What it is given stays the test's, but for the listener.
/// </summary>
internal sealed class MigrationPair : IDisposable
{
    private static readonly TimeSpan Bound = TestSet.Patience(TimeSpan.FromSeconds(60));

    private readonly GuestMemory _from;
    private readonly GuestMemory _to;
    private readonly CancellationTokenSource _endDestination = new();
    private readonly List<IDisposable> _sides = [];

    public MigrationPair(IGuest source, IGuest destination, MigrationAddress? listen = null)
        : this(source.Memory, source.CreateDirtySource("auto"), new HookedHost(source), destination.Memory, new HookedHost(destination), listen)
    {
    }

    public MigrationPair(
        GuestMemory from, IDirtySource dirty, HookedHost sourceHost, GuestMemory to, HookedHost destinationHost, MigrationAddress? listen = null)
    {
        Listener = MigrationListener.Bind(listen ?? MigrationAddress.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)));
        (_from, _to) = (from, to);
        Dirty = new KeptDirtySource(dirty);
        (SourceHost, DestinationHost) = (sourceHost, destinationHost);
    }

    public MigrationListener Listener { get; }

    public GuestMemory ToMemory => _to;

    public KeptDirtySource Dirty { get; }

    public HookedHost SourceHost { get; set; }

    public HookedHost DestinationHost { get; set; }

    /// <summary>
    /// Two channels, every page compared, and a blackout small enough that passes are needed: all of 64 MiB would take 640 ms at the declared rate. A busy
    /// host that cannot keep 60 ms is not waited for: 3 s, then the guest is stopped all the same.
    /// </summary>
    public MigrationOptions SourceOptions { get; set; } = new()
    {
        Channels = 2,
        Verify = VerifyMode.Full,
        DowntimeLimit = TimeSpan.FromMilliseconds(60),
        AvailSwitchoverBytesPerSecond = 100L << 20,
        Timeout = TimeSpan.FromSeconds(3),
        OnTimeout = TimeoutPolicy.Force,
    };

    public MigrationDestinationOptions DestinationOptions { get; set; } = new() { Memory = DestinationMemory.Populated };

    /// <summary>The clocks of both sides.</summary>
    public TimeProvider SourceTime { get; set; } = TimeProvider.System;

    public TimeProvider DestinationTime { get; set; } = TimeProvider.System;

    /// <summary>The source of the last run.</summary>
    public MigrationSource? Source { get; private set; }

    /// <summary>Migrates; returns when both sides have their result. A destination that no source came to is told to end.</summary>
    public async Task<(MigrationResult Source, MigrationResult Destination)> RunAsync(
        MigrationAddress? via = null, CancellationToken cancel = default)
    {
        var (destination, ended) = StartDestination();
        var sent = await StartSource(via, cancel: cancel).WaitAsync(Bound, CancellationToken.None);
        if (destination.Progress.Status == MigrationStatus.Setup) EndDestination();
        return (sent, await ended.WaitAsync(Bound, CancellationToken.None));
    }

    /// <summary>As <see cref="RunAsync"/>, over connected sockets in place of the listener; the first of the source's is for control.</summary>
    public async Task<(MigrationResult Source, MigrationResult Destination)> RunOverAsync(
        IReadOnlyList<System.Net.Sockets.Socket> ofSource, IReadOnlyList<System.Net.Sockets.Socket> ofDestination, CancellationToken cancel = default)
    {
        var ended = Keep(new MigrationDestination(_to, DestinationHost, DestinationOptions)).RunAsync(ofDestination, _endDestination.Token);
        Source = Keep(new MigrationSource(_from, Dirty, SourceHost, SourceOptions));
        var sent = await Source.RunAsync(ofSource, cancel).WaitAsync(Bound, CancellationToken.None);
        return (sent, await ended.WaitAsync(Bound, CancellationToken.None));
    }

    /// <summary>Starts the source alone; <paramref name="before"/> sees it first.</summary>
    public Task<MigrationResult> StartSource(MigrationAddress? via = null, Action<MigrationSource>? before = null, CancellationToken cancel = default)
    {
        Source = Keep(new MigrationSource(_from, Dirty, SourceHost, SourceOptions, SourceTime));
        before?.Invoke(Source);
        return Source.RunAsync(via ?? Listener.Address, cancel);
    }

    /// <summary>Starts the source alone, each attempt over connections of the test's choice.</summary>
    public Task<MigrationResult> StartAttempts(Func<SourceState, IConnections> connect, CancellationToken cancel = default) =>
        new SourceAttempts(new SourceState(_from, Dirty, SourceHost, SourceOptions, SourceTime), _ => { }).RunAsync(connect, cancel);

    /// <summary>Cancels the destination.</summary>
    public void EndDestination() => _endDestination.Cancel();

    /// <summary>Also cancels the destination when <paramref name="cancel"/> is cancelled.</summary>
    public void EndDestinationWhen(CancellationToken cancel) => cancel.Register(_endDestination.Cancel);

    /// <summary>Starts the destination alone.</summary>
    public (MigrationDestination Destination, Task<MigrationResult> Ended) StartDestination()
    {
        var destination = Keep(new MigrationDestination(_to, DestinationHost, DestinationOptions, DestinationTime));
        return (destination, destination.RunAsync(Listener, _endDestination.Token));
    }

    /// <summary>
    /// What the two memories differ in and the source does not know of: nothing, however the migration failed. The source's guest must
    /// be stopped; its writes since are taken into account. Nothing, too, when there was no run.
    /// </summary>
    public List<(int Block, long Page)> UnknownDifferences()
    {
        if (Source is null) return [];
        if (Dirty.Started) _ = Dirty.Sync(Source.Unsent);
        return MemoryComparer.Differences(_from, _to).FindAll(page => !Source.Unsent.IsSet(_from.Blocks[page.Block], page.Page));
    }

    public void Dispose()
    {
        Listener.Dispose();
        Dirty.Dispose();
        _endDestination.Dispose();
        foreach (var side in _sides) side.Dispose(); // Lets go of the records of whatever ended uncertain.
    }

    private T Keep<T>(T side)
        where T : IDisposable
    {
        _sides.Add(side);
        return side;
    }
}
