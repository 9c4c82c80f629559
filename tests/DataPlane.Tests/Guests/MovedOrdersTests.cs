using DataPlane.Core.Dirty;
using DataPlane.Core.Traces;
using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>Phases and traces go on where they were, on the other side.</summary>
[Collection("machine")]
public sealed class MovedOrdersTests
{
    private const long Memory = 8L << 20;

    private static readonly DirtyTrace Trace = new(
        Memory,
        [.. Enumerable.Range(0, 10).Select(i => new DirtyTraceStep(TimeSpan.FromMilliseconds(5 * (i + 1)), [new PageRun(1024 + (100 * i), 7), new PageRun(2040 + (i % 2), 1)]))],
        "by hand");

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task AReplay_GoesOn_AndWritesOnlyWhatTheTraceSays(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        var options = new GuestOptions { Kind = kind, MemoryBytes = Memory, Vcpus = 2, Replay = Trace, Fill = MemoryFill.Random };
        using var source = Guest.CreateSource(options);
        using var destination = Guest.CreateDestination(options with { Poison = true });
        source.Start();
        GuestProgress.Await(source, 100);
        await source.PauseAsync(default);
        Assert.True(source.CheckInvariant().Holds);
        await GuestMove.Run(source, destination);
        Assert.Equal(source.CheckInvariant(), destination.CheckInvariant());
        using var shadow = new ShadowMemory(destination.Memory);
        using var seen = new DirtyBitmap(destination.Memory);
        seen.SetAll();
        shadow.CopyMarked(seen, source: null);
        await destination.ResumeAsync(default);
        GuestProgress.Await(destination, 200);
        await destination.PauseAsync(default);
        Assert.True(destination.CheckInvariant().Holds);
        var traced = Trace.Steps.SelectMany(step => step.Pages).SelectMany(run => Enumerable.Range((int)run.First, (int)run.Count)).ToHashSet();
        var changed = shadow.Differences(max: 2048).Select(found => found.Page).Where(page => page >= 512); // A KVM guest's own pages lie below.
        Assert.Empty(changed.Except(traced.Select(page => (long)page)));
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task AReplay_IsRefusedWithoutItsTrace(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        var options = new GuestOptions { Kind = kind, MemoryBytes = Memory, Replay = Trace };
        using var source = Guest.CreateSource(options);
        using var destination = Guest.CreateDestination(options with { Replay = null });
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => GuestMove.Run(source, destination));
        Assert.Contains("was not given", fault.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task Phases_GoOnWithoutTheDestinationBeingTold(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var source = Guest.CreateSource(new GuestOptions
        {
            Kind = kind, MemoryBytes = Memory, Vcpus = 2, DirtyBytesPerSecond = 40 << 20, Write = DirtyWrite.Page,
            Phases = [new(DirtyPattern.Sequential, TimeSpan.FromMilliseconds(3)), new(DirtyPattern.Uniform, TimeSpan.FromMilliseconds(2), 0), new(DirtyPattern.Zipf, TimeSpan.FromMilliseconds(3), DirtyOrders.Unlimited)],
        });
        using var destination = Guest.CreateDestination(new GuestOptions { Kind = kind, MemoryBytes = Memory, Vcpus = 2, DirtyBytesPerSecond = 0 });
        source.Start();
        GuestProgress.Await(source, 10_000);
        await source.PauseAsync(default);
        await GuestMove.Run(source, destination);
        await destination.ResumeAsync(default);
        GuestProgress.Await(destination, 10_000); // Through many rounds: one phase is idle, and only one of them is this fast.
        await destination.PauseAsync(default);
        Assert.True(destination.CheckInvariant().Holds);
    }
}
