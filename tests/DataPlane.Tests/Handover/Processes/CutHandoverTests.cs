using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Handover.Processes;

/// <summary>The connections are cut at each message of the switchover, before it has gone on or just after; the source comes back by itself.</summary>
[Collection("handovers")]
public sealed class CutHandoverTests
{
    private static readonly ControlMessageType[] _messages =
    [
        ControlMessageType.Switchover, ControlMessageType.Prepared, ControlMessageType.PageSums, ControlMessageType.Verified, ControlMessageType.Commit,
        ControlMessageType.Running,
    ];

    public static TheoryData<WireWord, bool, bool> Cuts
    {
        get
        {
            var data = new TheoryData<WireWord, bool, bool>();
            foreach (var message in _messages)
                foreach (var after in (bool[])[false, true])
                    // The larger set has every message; the gate those that decide.
                    if (TestSet.All || message is ControlMessageType.Commit or ControlMessageType.Running || (message == ControlMessageType.Prepared && after))
                    {
                        data.Add(new WireWord(message), after, false);
                        if (TestSet.All || (message == ControlMessageType.Commit && !after)) data.Add(new WireWord(message), after, true);
                    }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Guest_goes_on_at_exactly_one_side_and_both_know_which(WireWord message, bool after, bool arbiter)
    {
        await using var scene = await HandoverProcesses.StartAsync(arbiter);
        var cut = 0;
        scene.Relay.BeforeUnit = unit =>
        {
            if (unit.Message != message.Type || Interlocked.Exchange(ref cut, 1) != 0) return ValueTask.FromResult(Fate.Passes);
            if (after) _ = Task.Delay(1).ContinueWith(_ => CutAll(scene.Relay), TaskScheduler.Default);
            else CutAll(scene.Relay);
            return ValueTask.FromResult(Fate.Passes);
        };
        var (sent, taken) = (scene.SendAsync(), scene.TakeAsync());
        var outcome = (await sent)!;
        Assert.True(cut != 0, outcome.Error);
        var moved = outcome.Status == "Completed";
        var there = (await taken)!;
        Assert.True((moved ? "Completed" : "Failed") == there.Status, $"{outcome.Status} {outcome.Error}; {there.Status} {there.Error}");
        if (message.Type is ControlMessageType.Commit or ControlMessageType.Running) Assert.True(moved, outcome.Error);
        await scene.AssertRunsAsync(moved ? scene.Destination : scene.Source);
        Assert.Equal(moved ? "released" : "kept", scene.Record(MigrationSide.Source));
        Assert.Equal(moved ? "taken" : "never", scene.Record(MigrationSide.Destination));
    }

    private static void CutAll(WireRelay relay)
    {
        foreach (var lane in relay.Lanes) lane.Cut(reset: true);
    }
}
