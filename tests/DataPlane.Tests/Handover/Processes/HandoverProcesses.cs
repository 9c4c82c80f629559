using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Handover;
using DataPlane.Peer;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Soak;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Handover.Processes;

/// <summary>
/// A source, a destination and, where one is started, a second destination on the same port, each a process of its own with a journal of
/// its side, and a relay that knows the protocol between them. Whatever happens: at no instant does the guest run in two of them.
/// </summary>
internal sealed class HandoverProcesses : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private static readonly GuestOptions Guest = new()
    {
        Kind = GuestKind.Synthetic, MemoryBytes = 4 << 20, WorkingSetBytes = 1 << 20, DirtyBytesPerSecond = 50 << 20, Fill = MemoryFill.Random,
        DeviceStateBytes = 4 << 10, Seed = 7,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Name, PeerProcess Process, bool Alive)> _all = [];
    private readonly string? _arbiter;
    private readonly double _seconds;

    private HandoverProcesses(bool arbiter, double seconds)
    {
        if (arbiter)
        {
            _arbiter = Directory.CreateDirectory(_folder.At("arbiter")).FullName;
            _ = FileArbiter.Create(_arbiter);
        }
        _seconds = seconds;
    }

    public PeerProcess Source { get; private set; } = null!;

    public PeerProcess Destination { get; private set; } = null!;

    public PeerProcess? Second { get; private set; }

    public WireRelay Relay { get; private set; } = null!;

    /// <summary>Where the destination listens, and whoever comes after it.</summary>
    public MigrationAddress Address { get; private set; } = null!;

    public string SourceJournal => _folder.At("source");

    public string DestinationJournal => _folder.At("destination");

    /// <param name="arbiter">Whether both sides go by one.</param>
    /// <param name="sourceDies">
    /// The step of its host at which the source's process kills itself, or the record and the side of its write (<c>before given</c>, <c>behind given</c>); <c>balk</c>: its release fails. Empty: none.
    /// </param>
    /// <param name="destinationDies">As well; <c>refuse</c>: no vCPU enters. With a comma between them, both.</param>
    /// <param name="seconds">How long both sides ask and wait.</param>
    public static async Task<HandoverProcesses> StartAsync(bool arbiter = false, string sourceDies = "", string destinationDies = "", double seconds = 20)
    {
        var scene = new HandoverProcesses(arbiter, seconds);
        scene.Source = scene.Add("source", sourceDies);
        scene.Destination = scene.Add("destination", destinationDies);
        await Task.WhenAll(
            scene.Source.AskAsync(new PeerRequest { Do = PeerOrder.Make, Guest = Guest, Here = true }),
            scene.Destination.AskAsync(new PeerRequest { Do = PeerOrder.Make, Guest = Guest }));
        scene.Address = await scene.ListenAsync(scene.Destination, "tcp:127.0.0.1:0");
        scene.Relay = new WireRelay(scene.Address);
        return scene;
    }

    /// <summary>Moves the guest over the relay; null where the source's process ended before it had a result.</summary>
    public async Task<MoveOutcome?> SendAsync() => await OutcomeAsync(Source, new PeerRequest
    {
        Do = PeerOrder.Send, Address = Relay.Address.ToString(), Journal = SourceJournal, Arbiter = _arbiter, HandoverSeconds = _seconds, ForceAfterSeconds = 0.5,
    });

    /// <summary>The destination's result; null where its process ended before it had one.</summary>
    public Task<MoveOutcome?> TakeAsync() => OutcomeAsync(Destination, new PeerRequest { Do = PeerOrder.Take });

    /// <summary>Starts a receiver in the place of the destination, whose process has ended: same port, same journal.</summary>
    public async Task ReplaceDestinationAsync()
    {
        Second = Add("second", "");
        _ = await Second.AskAsync(new PeerRequest { Do = PeerOrder.Make, Guest = Guest });
        _ = await ListenAsync(Second, Address.ToString());
    }

    public async Task KillAsync(PeerProcess process)
    {
        Died(process); // First: a test that hears of its end at once asks it nothing more.
        await process.KillAsync();
    }

    /// <summary>It has ended, or is about to, by itself.</summary>
    public async Task AwaitDeathAsync(PeerProcess process)
    {
        await process.EndedAsync();
        Died(process);
    }

    /// <summary>The last record of a side.</summary>
    public string Record(MigrationSide side) =>
        Assert.Single(HandoverJournals.Read(side == MigrationSide.Source ? SourceJournal : DestinationJournal), report => report.Side == side).Records[^1].Record;

    /// <summary>What a sender started again says and hears: words of the destination.</summary>
    public async Task<string> AskAgainAsync(Guid? image = null)
    {
        using var limit = new CancellationTokenSource(Bound);
        return Assert.Single(await HandoverJournals.AskAsync(SourceJournal, Address, image, limit.Token)).Word;
    }

    /// <summary>Looks whether the guest runs there, and is whole.</summary>
    public static async Task<bool> RunsAsync(PeerProcess process)
    {
        var look = (await process.AskAsync(PeerOrder.Look)).Guest!;
        if (look.Running) Assert.True(look.Holds, look.Words);
        return look.Running;
    }

    /// <summary>The guest runs where it is said to, and nowhere else; and it never ran in two processes at once.</summary>
    public async Task AssertRunsAsync(PeerProcess? where)
    {
        foreach (var (name, process, alive) in _all)
            if (alive) Assert.True(await RunsAsync(process) == ReferenceEquals(process, where), $"The guest at the {name}: {name} is {(ReferenceEquals(process, where) ? "not " : "")}where it runs.");
        var ran = _all.SelectMany(peer => RunningIntervals.Read(_folder.At(peer.Name + ".log"), peer.Alive).Select(span => (peer.Name, span.From, span.To))).ToList();
        Assert.NotEmpty(ran);
        Assert.Null(RunningIntervals.FirstOverlap(ran));
    }

    public async ValueTask DisposeAsync()
    {
        if (Relay is not null) await Relay.DisposeAsync(); // First: what it does to a process has to be through.
        foreach (var (_, process, _) in _all) await process.DisposeAsync();
        _folder.Dispose();
    }

    private PeerProcess Add(string name, string dies)
    {
        // A peer compiles each method in full at once, which a soak needs, and a process that moves one guest and ends spends most of its time on.
        List<(string, string)> variables =
            [("DATAPLANE_PEER_LOG", _folder.At(name + ".log")), ("DATAPLANE_PEER_DIES", dies), ("DOTNET_TieredCompilation", "1"), ("DOTNET_TieredPGO", "0")];
        if (RecordKiller.IsNamedBy(dies)) variables.Add(RecordKiller.Build(_folder.At(name + ".so")));
        var process = PeerProcess.Start(variables);
        _all.Add((name, process, true));
        return process;
    }

    private void Died(PeerProcess process)
    {
        var at = _all.FindIndex(peer => ReferenceEquals(peer.Process, process));
        _all[at] = _all[at] with { Alive = false };
    }

    private async Task<MigrationAddress> ListenAsync(PeerProcess process, string address)
    {
        var reply = await process.AskAsync(new PeerRequest
        {
            Do = PeerOrder.Listen, Address = address, Journal = DestinationJournal, Arbiter = _arbiter, HandoverSeconds = _seconds,
        });
        return MigrationAddress.TryParse(reply.Address!, out var bound, out var fault) ? bound! : throw new FormatException(fault);
    }

    private async Task<MoveOutcome?> OutcomeAsync(PeerProcess process, PeerRequest request)
    {
        try
        {
            return (await process.AskAsync(request)).Move;
        }
        catch (InvalidOperationException ended) when (ended.Message.StartsWith("The peer ended", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
