using System.Diagnostics;
using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using DataPlane.Tests.Trouble;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>A stopped guest waits for the word; what counts of that, and how else the wait ends.</summary>
[Collection("machine")]
public sealed class PauseBeforeSwitchoverTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Downtime = TimeSpan.FromMilliseconds(300);

    [Fact]
    public Task The_guest_waits_for_the_word_and_each_status_is_told() => FailureScene.PlayAsync(async scene =>
    {
        var seen = new List<MigrationStatusChange>();
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // More than all limits together, so that a wait that counted would show.
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with
        {
            PauseBeforeSwitchover = true, DowntimeLimit = Downtime, SwitchoverLimit = TimeSpan.FromSeconds(1.7), Timeout = TimeSpan.FromMinutes(1),
        };
        var (_, ended) = scene.Pair.StartDestination();
        var sending = Begin(scene, seen, waits, over);

        var source = scene.Pair.Source!;
        await waits.Task.WaitAsync(LongEnough);
        Assert.False(scene.Source.IsRunning);
        Assert.Equal(["pause"], scene.Pair.SourceHost.Steps);
        await Task.Delay(TimeSpan.FromSeconds(2.1)); // Longer than both limits: this is what is being tested, nothing is waited for.
        await source.ContinueAsync().WaitAsync(LongEnough);

        var sent = await sending.WaitAsync(LongEnough);
        _ = await ended.WaitAsync(LongEnough);
        Assert.Null(sent.Error);
        Assert.Null(sent.LimitExceededUs);
        Assert.True(sent.Downtime < 2000, $"{sent.Downtime} ms");
        await over.Task.WaitAsync(LongEnough);
        Assert.Equal(
            [MigrationStatus.Setup, MigrationStatus.Active, MigrationStatus.PreSwitchover, MigrationStatus.Device, MigrationStatus.Completed],
            seen.Select(change => change.To));
    });

    [Fact]
    public Task The_word_is_an_error_where_nothing_waits_for_it() => FailureScene.PlayAsync(async scene =>
    {
        var (_, ended) = scene.Pair.StartDestination();
        MigrationException? whileActive = null;
        scene.Pair.SourceHost.Before("pause", () => whileActive = Assert.Throws<MigrationException>(() => { _ = scene.Pair.Source!.ContinueAsync(); }));
        var sent = await scene.Pair.StartSource().WaitAsync(LongEnough);
        _ = await ended.WaitAsync(LongEnough);
        Assert.Null(sent.Error);
        Assert.Equal(MigrationErrorCode.IllegalTransition, whileActive!.Error.Code);
        Assert.Contains("is 'device', not in pre-switchover", whileActive.Error.Message, StringComparison.Ordinal);
        var after = Assert.Throws<MigrationException>(() => { _ = scene.Pair.Source!.ContinueAsync(); });
        Assert.Contains("is 'completed', not in pre-switchover", after.Error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public Task A_cancel_ends_the_wait_and_the_guest_goes_on() => FailureScene.PlayAsync(async scene =>
    {
        using var cancel = new CancellationTokenSource();
        var seen = new List<MigrationStatusChange>();
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with
        {
            PauseBeforeSwitchover = true, DowntimeLimit = Downtime, Timeout = TimeSpan.FromMinutes(1),
        };
        var (_, ended) = scene.Pair.StartDestination();
        var sending = Begin(scene, seen, waits, null, cancel.Token);
        await waits.Task.WaitAsync(LongEnough);
        using var stalls = new StallMeter();
        var since = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        var sent = await sending.WaitAsync(LongEnough);
        var took = Stopwatch.GetElapsedTime(since);
        Assert.True(took <= Bound.Cancel.Time + stalls.Longest, $"{took.TotalMilliseconds} ms");
        _ = await ended.WaitAsync(LongEnough);
        Assert.Equal(MigrationStatus.Cancelled, sent.Status);
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, MigrationSide.Source, "pre-switchover");
    });

    [Theory]
    [InlineData(TimeoutPolicy.Cancel)]
    [InlineData(TimeoutPolicy.Force)]
    public Task The_time_allowed_ends_the_wait(TimeoutPolicy policy) => FailureScene.PlayAsync(async scene =>
    {
        // A downtime that any machine allows: it is to get as far as the wait before the time is over.
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with
        {
            PauseBeforeSwitchover = true, DowntimeLimit = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(2), OnTimeout = policy,
        };
        var (sent, _) = await scene.Pair.RunAsync();
        if (policy == TimeoutPolicy.Force) Assert.Null(sent.Error);
        else await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.Timeout, MigrationSide.Source, "pre-switchover");
    });

    private static Task<MigrationResult> Begin(
        FailureScene scene, List<MigrationStatusChange> seen, TaskCompletionSource waits, TaskCompletionSource? over, CancellationToken cancel = default) =>
        scene.Pair.StartSource(cancel: cancel, before: source => source.StatusChanged += (_, change) =>
        {
            lock (seen) seen.Add(change);
            if (change.To == MigrationStatus.PreSwitchover) _ = waits.TrySetResult();
            if (StatusMachine.IsFinal(change.To)) _ = over?.TrySetResult();
        });
}
