using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Cli;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>A case whose destination is a process of its own.</summary>
internal static class DestinationProcessScene
{
    public static async Task<TimeSpan> PlayAsync(TroubleCase @case, Func<ProgramProcess, Task, Task> act)
    {
        using var scene = new ProcessScene(@case, guestIsThere: false);
        using var guest = Guest.CreateSource(ProcessScene.Guest);
        using var unused = Guest.CreateDestination(ProcessScene.Guest with { Poison = true });
        using var pair = new MigrationPair(guest, unused);
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --poison --run-for 100ms {ProcessScene.GuestOptions}");
        await using var relay = new WireRelay(await receive.AddressAsync());
        pair.SourceOptions = pair.SourceOptions with
        {
            DowntimeLimit = TimeSpan.FromSeconds(1),
            HandoverTimeout = @case.Ends.Source == MigrationStatus.Uncertain ? Bound.Idle : new MigrationOptions().HandoverTimeout,
            IdleTimeout = @case.Bound == Bound.IdleTimeout ? Bound.Idle : new MigrationOptions().IdleTimeout,
        };
        pair.SourceHost.Before("pause", () => GuestProgress.Await(guest, 20));
        pair.SourceHost.After("pause", () => scene.Stopped = true);
        pair.SourceHost.After("resume", scene.RunsAgain);
        scene.Arm(relay, ended => act(receive, ended));
        guest.Start();
        var (sent, took) = await scene.EndAsync(pair.StartSource(relay.Address));
        await CheckAsync(@case, sent, receive, guest);
        if (@case.Ends.Source == MigrationStatus.Completed) return took;
        if (@case.Ends.Guest == Runs.Nowhere) await guest.ResumeAsync(default);
        pair.Dispose();
        using var second = new MigrationPair(guest, unused);
        var (again, _) = await second.RunAsync();
        Assert.Null(again.Error);
        Assert.True(unused.IsRunning);
        return took;
    }

    private static async Task CheckAsync(TroubleCase @case, MigrationResult sent, ProgramProcess receive, IGuest guest)
    {
        var facts = $"{sent.Status}, {sent.Error}";
        Assert.True((@case.Ends.Source, @case.Ends.Code) == (sent.Status, sent.Error?.Code), facts);
        Assert.True(sent.Error is null || (@case.Ends.Steps ?? @case.When.Steps).Any(step => sent.Error.Step.StartsWith(step, StringComparison.Ordinal)), facts);
        Assert.Equal(@case.Ends.Guest == Runs.Source, guest.IsRunning);
        var there = await receive.EndAsync();
        Assert.True(there.Code == 0 == (@case.Ends.Source == MigrationStatus.Completed), there.Error);
        if (there.Code == 0) Assert.Contains("invariant holds", there.Out, StringComparison.Ordinal);
    }
}
