using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>
/// The memory rules of <see cref="Host.IMigrationHost"/>: a host that keeps one moves whole, and one that breaks it ends with different
/// memory, which the comparison of every page finds before the guest is given away.
/// </summary>
[Collection("machine")]
public sealed class MemoryRuleTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task WriteBeforePauseReturns_HasToBeMarked(bool marked) => MoveAsync(kept: marked, (end, source, _) =>
        source.After("pause", () => WriteAnd(end, marked)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task WriteDuringSave_HasToBeMarked(bool marked) => MoveAsync(kept: marked, (end, source, _) =>
        source.Before("save dev", () => WriteAnd(end, marked)));

    /// <summary>Everything has arrived when the destination loads: a back end that still writes is too late, marked or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task WriteAfterSave_IsLost(bool marked) => MoveAsync(kept: false, (end, _, destination) =>
        destination.Before("load dev", () => WriteAnd(end, marked)));

    /// <summary>
    /// The mark is taken by one read of the sources and the page sent; the write lands before the next. One channel and a bandwidth of
    /// next to nothing make that a pass of its own, which is over when the sources are read again.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MarkComesAfterTheWrite(bool kept)
    {
        using var end = new BackEnd();
        var dirty = new HookedDirtySource(end.Marks, sync =>
        {
            if (sync == 1) end.Mark();
            if (sync == 2) WriteAnd(end, kept);
        });
        using var pair = new MigrationPair(end.From, dirty, new HookedHost(BackEnd.Host()), end.To, new HookedHost(BackEnd.Host()));
        pair.SourceOptions = pair.SourceOptions with { Channels = 1, AvailSwitchoverBytesPerSecond = 1 };
        await AssertOutcomeAsync(pair, end, kept);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteWhileLoading_HasToBeReported(bool reported)
    {
        using var end = new BackEnd();
        var destination = new HookedHost(BackEnd.Host())
        {
            Loading = (_, _, marks) =>
            {
                BackEnd.Write(end.To);
                if (reported) marks.Written(end.To.Blocks[0], (BackEnd.Page << 12) + 100, 1);
            },
        };
        using var pair = new MigrationPair(end.From, end.Marks, new HookedHost(BackEnd.Host()), end.To, destination);
        var (sent, received) = await pair.RunAsync();
        if (!reported)
        {
            AssertMismatch(pair, sent, received);
            return;
        }
        Assert.Equal((MigrationStatus.Completed, MigrationStatus.Completed), (sent.Status, received.Status));
        Assert.Equal(end.From.PageCount - 1, sent.Verify!.Pages);
        Assert.Equal([(0, BackEnd.Page)], MemoryComparer.Differences(end.From, end.To));
    }

    /// <summary>KVM's log knows nothing of what the VMM's own threads write: that is what the marks beside it are for.</summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OwnWriteToAKvmGuest_HasToBeMarked(bool marked)
    {
        NeedsKvm.OrSkip();
        var options = GuestSizes.Busy(GuestKind.Kvm);
        using var source = Guest.CreateSource(options);
        using var destination = Guest.CreateDestination(options with { Poison = true });
        using var marks = new ExplicitDirtySource(source.Memory);
        using var dirty = new CompositeDirtySource([source.CreateDirtySource("protect"), marks]);
        using var pair = new MigrationPair(source.Memory, dirty, new HookedHost(source), destination.Memory, new HookedHost(destination));
        pair.SourceHost.Before("save opaque", () =>
        {
            WriteFirstPage(source);
            if (marked) marks.Mark(source.Memory.Blocks[0], 0, 1);
        });
        source.Start();
        var (sent, received) = await pair.RunAsync();
        if (marked) Assert.Equal((null, MigrationStatus.Completed), (sent.Error, sent.Status));
        else AssertMismatch(pair, sent, received);
        Assert.Equal(!marked, source.IsRunning);
        Assert.Equal(marked, destination.IsRunning);
    }

    private static async Task MoveAsync(bool kept, Action<BackEnd, HookedHost, HookedHost> hook)
    {
        using var end = new BackEnd();
        using var pair = new MigrationPair(end.From, end.Marks, new HookedHost(BackEnd.Host()), end.To, new HookedHost(BackEnd.Host()));
        hook(end, pair.SourceHost, pair.DestinationHost);
        await AssertOutcomeAsync(pair, end, kept);
    }

    private static async Task AssertOutcomeAsync(MigrationPair pair, BackEnd end, bool kept)
    {
        var (sent, received) = await pair.RunAsync();
        var different = MemoryComparer.Differences(end.From, end.To);
        if (!kept)
        {
            Assert.Equal([(0, BackEnd.Page)], different);
            AssertMismatch(pair, sent, received);
            Assert.Contains($"page {BackEnd.Page} of block 'ram'", sent.Error!.Message, StringComparison.Ordinal);
            return;
        }
        Assert.Null(sent.Error);
        Assert.Empty(different);
        Assert.Equal(end.From.PageCount, sent.Verify!.Pages);
    }

    private static void AssertMismatch(MigrationPair pair, MigrationResult sent, MigrationResult received)
    {
        Assert.Equal(
            (MigrationStatus.Failed, MigrationErrorCode.VerifyMismatch, MigrationSide.Destination, "verify"),
            (sent.Status, sent.Error!.Code, sent.Error.Side, sent.Error.Step));
        Assert.StartsWith("1 of ", sent.Error.Message, StringComparison.Ordinal);
        Assert.Equal(7, FailureScene.ExitCode(sent));
        Assert.Equal("resume", pair.SourceHost.Steps[^1]);
        Assert.Equal(MigrationStatus.Failed, received.Status);
        Assert.DoesNotContain("resume", pair.DestinationHost.Steps);
    }

    private static void WriteAnd(BackEnd end, bool mark)
    {
        BackEnd.Write(end.From);
        if (mark) end.Mark();
    }

    private static unsafe void WriteFirstPage(IGuest guest) => ++*(byte*)guest.Memory.Blocks[0].Info.HostAddress;
}
