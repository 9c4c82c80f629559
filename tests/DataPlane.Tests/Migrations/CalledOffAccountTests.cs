using System.Net;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A switchover that is called off has an account as well: up to where it was, what the destination knew of it, and the way back.</summary>
[Collection("machine")]
public sealed class CalledOffAccountTests
{
    [SkippableTheory]
    [InlineData(GuestKind.Kvm, "save opaque", "final-memory")]
    [InlineData(GuestKind.Synthetic, "save opaque", "final-memory")]
    [InlineData(GuestKind.Synthetic, "release", "give")]
    public Task SourceFails_ItsStepIsTheLastBeforeTheWayBack(GuestKind kind, string step, string segment) => FailAsync(kind, async (pair, source) =>
    {
        pair.SourceHost.Before(step, () => throw new IOException("The disk is gone."));
        var (sent, _) = await pair.RunAsync();
        var account = AssertWayBack(sent, segment, source);
        if (step.StartsWith("save ", StringComparison.Ordinal)) // The one that failed is a stage too: it may be what took the time.
            Assert.Single(account.Stages, stage => stage.Name == $"save-state {step["save ".Length..]}");
        if (step == "release") // PREPARED had come: everything of the destination's is known.
            Assert.Equal(
                source.Sections.Select(section => $"load-state {section.Id}"),
                account.Stages.Where(stage => stage.Name.StartsWith("load-state", StringComparison.Ordinal)).Select(stage => stage.Name));
    });

    [Fact]
    public Task DestinationFails_WhatItHadLoadedIsInTheSourcesAccount() => FailAsync(GuestKind.Synthetic, async (pair, source) =>
    {
        pair.DestinationHost.Before("load opaque", async cancel =>
        {
            await Hold.ForAsync(TimeSpan.FromMilliseconds(30), cancel);
            throw new IOException("The device is another.");
        });
        var (sent, received) = await pair.RunAsync();
        var account = AssertWayBack(sent, "load-state", source);
        var failed = account.Stages.Single(stage => stage.Name == "load-state opaque");
        Assert.InRange(failed.DurationUs, 29_000, account.TotalUs);
        Assert.Single(account.Stages, stage => stage is { Name: "load-state synthetic-writer-0", Side: MigrationSide.Destination });
        var own = AccountChecks.Sound(received);
        Assert.Equal(["drain", "load-state"], AccountChecks.Names(own));
        Assert.False(own.Completed);
    });

    /// <summary>The destination is asked only when the guest runs again.</summary>
    [Fact]
    public Task CancelledWhileTheDestinationLoads_ItTellsWhereItWas() => FailAsync(GuestKind.Synthetic, async (pair, source) =>
    {
        using var cancel = new CancellationTokenSource();
        pair.DestinationHost.Before("load opaque", async stopping =>
        {
            await Hold.ForAsync(TimeSpan.FromMilliseconds(30), stopping); // The source has noted by then that all is sent.
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, stopping);
        });
        var (sent, _) = await pair.RunAsync(cancel: cancel.Token);
        Assert.Equal(MigrationStatus.Cancelled, sent.Status);
        var account = AssertWayBack(sent, "load-state", source);
        Assert.Single(account.Stages, stage => stage.Name == "load-state opaque");
    });

    [Fact]
    public Task LinkIsCut_TheAccountGoesAsFarAsIsKnown() => FailAsync(GuestKind.Synthetic, async (pair, source) =>
    {
        await using var relay = new Relay(new IPEndPoint(IPAddress.Loopback, pair.Listener.Address.Port), _ => RelayPlan.Faithful);
        pair.DestinationHost.Before("load opaque", () => relay.CutAll());
        var (sent, _) = await pair.RunAsync(MigrationAddress.Of(relay.EndPoint));
        _ = AssertWayBack(sent, "drain", source);
    });

    private static async Task FailAsync(GuestKind kind, Func<MigrationPair, IGuest, Task> play)
    {
        NeedsKvm.OrSkip(kind);
        using var source = Guest.CreateSource(GuestSizes.Busy(kind));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(kind));
        using var pair = new MigrationPair(source, destination);
        pair.SourceOptions = pair.SourceOptions with { Verify = VerifyMode.Digest, DowntimeLimit = TimeSpan.FromMilliseconds(300) };
        source.Start();
        await play(pair, source);
        Assert.True(source.IsRunning);
    }

    private static DowntimeBreakdown AssertWayBack(MigrationResult sent, string last, IGuest source)
    {
        Assert.NotEqual(MigrationStatus.Completed, sent.Status);
        Assert.Null(sent.Downtime);
        var account = AccountChecks.Sound(sent);
        Assert.False(account.Completed);
        Assert.Equal([last, "rollback"], account.Segments.TakeLast(2).Select(segment => segment.Name));
        // The source's clock alone measures it, and the guest can tell both ends.
        var moments = (IGuestMoments)source;
        Assert.Equal((moments.ResumedAt!.Value - moments.StoppedAt!.Value) / 1e3, account.TotalUs, 1.0);
        return account;
    }
}
