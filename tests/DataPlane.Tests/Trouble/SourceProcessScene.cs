using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Cli;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>A case whose source is a process of its own. The destination takes another guest afterwards.</summary>
internal static class SourceProcessScene
{
    public static async Task<TimeSpan> PlayAsync(TroubleCase @case, Func<ProgramProcess, Task, Task> act)
    {
        using var scene = new ProcessScene(@case, guestIsThere: true);
        using var unused = Guest.CreateSource(ProcessScene.Guest);
        using var guest = Guest.CreateDestination(ProcessScene.Guest with { Poison = true });
        using var pair = new MigrationPair(unused, guest);
        await using var relay = new WireRelay(pair.Listener.Address);
        if (@case.Ends.Destination == MigrationStatus.Uncertain) pair.DestinationOptions = pair.DestinationOptions with { HandoverTimeout = Bound.Idle };
        if (@case.Bound == Bound.IdleTimeout || @case.Bound == Bound.Prepared) pair.DestinationOptions = pair.DestinationOptions with { IdleTimeout = Bound.Idle };
        var (_, receiving) = pair.StartDestination();
        await using var send = ProgramProcess.Start($"send --to {relay.Address} {ProcessScene.GuestOptions} --channels 2 --verify full --downtime-limit 1s --avail-switchover-bandwidth 1GiB/s --timeout 10s --on-timeout force");
        scene.Arm(relay, ended => act(send, ended));
        var (received, took) = await scene.EndAsync(receiving);
        await CheckAsync(@case, received, send, guest);
        if (@case.Ends.Source == MigrationStatus.Completed) return took;
        unused.Start();
        var (again, _) = await pair.RunAsync();
        Assert.Null(again.Error);
        Assert.True(guest.IsRunning);
        return took;
    }

    private static async Task CheckAsync(TroubleCase @case, MigrationResult received, ProgramProcess send, IGuest guest)
    {
        var facts = $"{received.Status}, {received.Error}";
        Assert.True((@case.Ends.Destination, @case.Ends.Code) == (received.Status, received.Error?.Code), facts);
        Assert.True(received.Error is null || @case.Ends.Steps!.Contains(received.Error.Step), facts);
        Assert.Equal(@case.Ends.Guest == Runs.Destination, guest.IsRunning);
        var there = await send.EndAsync();
        Assert.True(there.Code == 0 == (@case.Ends.Source == MigrationStatus.Completed), there.Error);
        if (@case.Ends.Guest == Runs.Source) Assert.Contains("having run on here; invariant holds", there.Out, StringComparison.Ordinal);
    }
}
