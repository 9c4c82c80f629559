using System.Text.Json;
using DataPlane.Cli.Demo;
using DataPlane.Cli.Report;
using DataPlane.Cli.Run;
using DataPlane.Cli.Stress.Peers;
using DataPlane.Core.Errors;
using DataPlane.Guests.Work;
using DataPlane.Results;
using DataPlane.Tools.Shaping;
using DataPlane.Tools.Stress;

namespace DataPlane.Cli.Stress;

/// <summary>Two processes and the guest that moves between them: from the first to the second, and back where it is to go on.</summary>
internal sealed class StressPair : IAsyncDisposable
{
    private readonly PeerProcess[] _peers;
    private readonly RunSettings _settings;
    private readonly ShapedLink _link;
    private volatile string _progress = "making the guest";
    private bool _away;
    private long _writes;

    /// <param name="settings">The run.</param>
    /// <param name="arguments">The run's for both processes, the guest's seed among them.</param>
    /// <param name="link">Over what it moves.</param>
    public StressPair(RunSettings settings, IReadOnlyList<string> arguments, ShapedLink link)
    {
        (_settings, _link) = (settings, link);
        _peers =
        [
            PeerProcess.Start([StressPeerCommand.Name, StressPeerCommand.HereName, .. arguments], link.SourceCommandPrefix, Show),
            PeerProcess.Start([StressPeerCommand.Name, .. arguments], link.DestinationCommandPrefix, Show),
        ];
    }

    /// <summary>What is going on, as a line.</summary>
    public string Progress => _progress;

    /// <summary>Returns when the guest runs, and memory waits for it.</summary>
    public Task ReadyAsync() => Task.WhenAll(_peers.Select(peer => peer.ReadyAsync()));

    /// <summary>Moves the guest to where it is not, and looks at it on both sides.</summary>
    /// <param name="cancel">Ends the move, or the guest's run after it; there is evidence all the same.</param>
    public async Task<StressEvidence> MoveAsync(CancellationToken cancel)
    {
        var back = _away;
        var (from, to) = back ? (_peers[1], _peers[0]) : (_peers[0], _peers[1]);
        try
        {
            var listening = Parse((await to.AskAsync(new PeerRequest(PeerOrder.Listen, (back ? _link.ListenBack : _link.Listen).ToString()))).Address!);
            var reach = back ? _link.ReachBack(listening) : _link.Reach(listening);
            _progress = "the guest settles";
            var sent = (await AskAsync(from, new PeerRequest(PeerOrder.Send, reach.ToString()), cancel)).Sent!;
            var result = JsonSerializer.Deserialize(sent.Result, ResultReadJson.Result)!;
            // A source that is through with it will not come again: who still waits for its next attempt need not.
            if (result.Status != MigrationStatus.Completed) to.Cancel();
            else _progress = "the guest runs on";
            var taken = (await AskAsync(to, new PeerRequest(PeerOrder.Take), cancel)).Taken!;
            _away = result.Status == MigrationStatus.Completed ? !back : back;
            return Evidence(result with { GuestWork = GuestWorkAccount.Of(sent.Work, taken.Guest?.Work) }, sent, taken, cancel.IsCancellationRequested);
        }
        catch (PeerException lost)
        {
            return Lost(lost.Message, cancel.IsCancellationRequested);
        }
    }

    /// <summary>A run of which there is no result: a process could not do its part, and says why.</summary>
    public static StressEvidence Lost(string why, bool interrupted)
    {
        var error = new MigrationError(interrupted ? MigrationErrorCode.Cancelled : MigrationErrorCode.OutOfResources, MigrationSide.Source, "stress", why);
        return new StressEvidence(FailureReport.Result(error), AtSource: true, AtDestination: false, Dirties: false, interrupted, interrupted ? [] : [why]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_peers.Select(peer => peer.DisposeAsync().AsTask()));

    private static async Task<PeerReply> AskAsync(PeerProcess peer, PeerRequest request, CancellationToken cancel)
    {
        var answer = peer.AskAsync(request);
        // Behind the order, or it would be about the one before.
        await using var stop = cancel.Register(peer.Cancel);
        return await answer;
    }

    private StressEvidence Evidence(MigrationResult result, PeerSent sent, PeerTaken taken, bool interrupted)
    {
        var faults = new List<string>();
        // Counted from what the source knew when the guest stopped, so that the numbers of both sides add up.
        var guest = taken.Guest is { } came ? came with { Written = came.Invariant.WriteCount - sent.Invariant.WriteCount } : null;
        if (!sent.Invariant.Holds) faults.Add($"at the source: {sent.Invariant}");
        faults.AddRange(DemoProof.FaultsAtDestination(guest, _settings.Dirties).Select(fault => fault.Sentence));
        if (sent.Invariant.WriteCount < _writes) faults.Add($"at the source the guest counts {sent.Invariant.WriteCount} writes, and had made {_writes} before it moved");
        _writes = guest?.Invariant.WriteCount ?? sent.Invariant.WriteCount;
        return new StressEvidence(
            result, sent.Running && sent.Invariant.Holds, guest is { Invariant.Holds: true }, _settings.Dirties, interrupted, faults);
    }

    private void Show(string line) => _progress = line;

    private static MigrationAddress Parse(string text) =>
        MigrationAddress.TryParse(text, out var address, out var fault) ? address! : throw new PeerException(fault!);
}
