using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Peer;
using DataPlane.Tests.Soak;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Handover.Processes;

/// <summary>
/// SIGKILL of either side before and after each record, and what the other side and whoever is started again make of it: the guest goes on at one
/// side, or the process that was killed had it and both records say so, or it is uncertain and an operator's word ends that.
/// </summary>
[Collection("handovers")]
public sealed class KilledHandoverTests
{
    [Fact]
    public async Task Source_killed_before_GIVEN_had_the_guest_and_a_sender_started_again_says_so()
    {
        await using var scene = await HandoverProcesses.StartAsync(sourceDies: "release");
        var taking = scene.TakeAsync();
        Assert.Null(await scene.SendAsync());
        await scene.AwaitDeathAsync(scene.Source);
        Assert.Equal(("open", "prepared"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
        Assert.Equal("never", await scene.AskAgainAsync());
        Assert.Equal("Failed", (await taking)!.Status);
        await scene.AssertRunsAsync(null);
        Assert.Equal(("kept", "never"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Source_killed_after_GIVEN_and_before_COMMIT_arrived_is_spoken_for_and_the_destination_takes_the_guest(bool arbiter)
    {
        await using var scene = await HandoverProcesses.StartAsync(arbiter);
        var taking = scene.TakeAsync();
        KillAt(scene, ControlMessageType.Commit, () => scene.Source);
        Assert.Null(await scene.SendAsync());
        Assert.Equal(("given", "prepared"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
        Assert.Equal("running", await scene.AskAgainAsync());
        Assert.Equal("Completed", (await taking)!.Status);
        await scene.AssertRunsAsync(scene.Destination);
        Assert.Equal(("released", "taken"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    [Fact]
    public async Task Source_killed_while_the_destination_resumes_leaves_the_guest_there()
    {
        await using var scene = await HandoverProcesses.StartAsync();
        var taking = scene.TakeAsync();
        KillAt(scene, ControlMessageType.Running, () => scene.Source);
        Assert.Null(await scene.SendAsync());
        Assert.Equal("running", await scene.AskAgainAsync());
        Assert.Equal("Completed", (await taking)!.Status);
        await scene.AssertRunsAsync(scene.Destination);
        Assert.Equal(("released", "taken"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    [Theory]
    [InlineData("load", "open")]
    [InlineData("", "prepared")]
    public async Task Destination_killed_before_GIVEN_leaves_the_guest_at_the_source(string dies, string record)
    {
        await using var scene = await HandoverProcesses.StartAsync(destinationDies: dies);
        if (dies.Length == 0) KillAt(scene, ControlMessageType.Prepared, () => scene.Destination);
        Assert.Equal("Failed", (await scene.SendAsync())!.Status);
        if (dies.Length > 0) await scene.AwaitDeathAsync(scene.Destination);
        await scene.AssertRunsAsync(scene.Source);
        Assert.Equal(("kept", record), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Destination_killed_before_TAKEN_is_spoken_for_by_the_next_receiver_and_the_source_goes_on(bool arbiter)
    {
        await using var scene = await HandoverProcesses.StartAsync(arbiter);
        KillAt(scene, ControlMessageType.Commit, () => scene.Destination);
        var sending = scene.SendAsync();
        await scene.AwaitDeathAsync(scene.Destination);
        Assert.Equal(("given", "prepared"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
        await scene.ReplaceDestinationAsync();
        var outcome = (await sending)!;
        Assert.True(outcome.Status == "Failed", outcome.Error);
        await scene.AssertRunsAsync(scene.Source);
        Assert.Equal(("kept", "never"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    [Theory]
    [InlineData("acquire")]
    [InlineData("resume")]
    [InlineData("resumed")]
    public async Task Destination_killed_after_TAKEN_had_the_guest_and_both_records_say_so(string dies)
    {
        if (dies == "resume" && !Kit.TestSet.All) return; // Between the two others.
        await using var scene = await HandoverProcesses.StartAsync(destinationDies: dies);
        var sending = scene.SendAsync();
        await scene.AwaitDeathAsync(scene.Destination);
        await scene.ReplaceDestinationAsync();
        var outcome = (await sending)!;
        Assert.True(outcome.Status == "Failed" && outcome.Error!.StartsWith("GuestLost", StringComparison.Ordinal), outcome.Error);
        await scene.AssertRunsAsync(null);
        Assert.Equal(("released", "taken"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    [Fact]
    public async Task Destination_whose_host_lets_no_vCPU_enter_gives_the_guest_back()
    {
        await using var scene = await HandoverProcesses.StartAsync(destinationDies: "refuse");
        var taking = scene.TakeAsync();
        var outcome = (await scene.SendAsync())!;
        Assert.True(outcome.Status == "Failed" && outcome.Error!.StartsWith("HostFailed", StringComparison.Ordinal), outcome.Error);
        Assert.Equal("Failed", (await taking)!.Status);
        await scene.AssertRunsAsync(scene.Source);
        Assert.Equal(("kept", "returned"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    [Fact]
    public async Task Destination_that_is_gone_for_good_leaves_it_uncertain_until_an_operator_has_looked()
    {
        await using var scene = await HandoverProcesses.StartAsync(seconds: 1.5);
        KillAt(scene, ControlMessageType.Commit, () => scene.Destination);
        var outcome = (await scene.SendAsync())!;
        Assert.True(outcome.Status == "Uncertain" && outcome.Error!.Contains("handover status", StringComparison.Ordinal), outcome.Error);
        await scene.AssertRunsAsync(null);
        var settled = (await scene.Source.AskAsync(new PeerRequest { Do = PeerOrder.Settle, Told = MigrationSide.Source })).Move!;
        Assert.True(settled.Status == "Failed", settled.Error);
        await scene.AssertRunsAsync(scene.Source);
        Assert.Equal("kept", scene.Record(MigrationSide.Source));
    }

    /// <summary>Nobody reaches anybody any more: the arbiter lets the source go on, and the destination, told by an operator who is wrong, does not.</summary>
    [Fact]
    public async Task Link_that_stays_down_is_settled_by_the_arbiter_and_nobody_overrules_it()
    {
        await using var scene = await HandoverProcesses.StartAsync(arbiter: true, seconds: 1.5);
        var taking = scene.TakeAsync();
        scene.Relay.BeforeUnit = unit =>
        {
            if (unit.Message != ControlMessageType.Commit) return ValueTask.FromResult(Fate.Passes);
            scene.Relay.ForLater = lane => lane.Cut(reset: true);
            foreach (var lane in scene.Relay.Lanes) lane.Cut(reset: true);
            return ValueTask.FromResult(Fate.Passes);
        };
        Assert.Equal("Failed", (await scene.SendAsync())!.Status);
        Assert.Equal("Uncertain", (await taking)!.Status);
        await scene.AssertRunsAsync(scene.Source);
        var settled = (await scene.Destination.AskAsync(new PeerRequest { Do = PeerOrder.Settle, Told = MigrationSide.Destination })).Move!;
        Assert.True(settled.Status == "Failed", settled.Error);
        await scene.AssertRunsAsync(scene.Source);
        Assert.Equal(("kept", "never"), (scene.Record(MigrationSide.Source), scene.Record(MigrationSide.Destination)));
    }

    private static void KillAt(HandoverProcesses scene, ControlMessageType message, Func<PeerProcess> whom) => scene.Relay.BeforeUnit = async unit =>
    {
        if (unit.Message != message) return Fate.Passes;
        await scene.KillAsync(whom());
        return Fate.Swallowed;
    };
}
