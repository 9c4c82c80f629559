using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>What both kinds of guest promise; run on each.</summary>
[Collection("machine")]
public sealed class GuestContractTests
{
    private static GuestOptions Options(GuestKind kind, int vcpus = 2) => new()
    {
        Kind = kind,
        MemoryBytes = 64L << 20,
        Vcpus = vcpus,
        WorkingSetBytes = 8L << 20,
        Seed = 7,
    };

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task PauseAndResume_AnyNumberOfTimes_InvariantHoldsEachTime(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateSource(Options(kind));
        guest.Start();
        for (var i = 0; i < 50; i++)
        {
            GuestProgress.Await(guest, 50);
            await guest.PauseAsync(default);
            var writes = guest.WriteCount;
            var report = guest.CheckInvariant();
            Assert.True(report.Holds, report.ToString());
            Assert.Equal(writes, report.WriteCount);
            await guest.ResumeAsync(default);
        }
        Assert.True(guest.IsRunning);
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task MovedGuest_GoesOnWhereItStood(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var source = Guest.CreateSource(Options(kind));
        // Rate, pattern and seed are not told to the destination.
        using var destination = Guest.CreateDestination(new GuestOptions
        {
            Kind = kind, MemoryBytes = 64L << 20, Vcpus = 2, Poison = true, DirtyBytesPerSecond = 0, Pattern = DirtyPattern.Uniform,
        });
        source.Start();
        GuestProgress.Await(source, 5000);
        await source.PauseAsync(default);
        await GuestMove.Run(source, destination);
        Assert.Equal(source.CheckInvariant(), destination.CheckInvariant());

        await destination.ResumeAsync(default);
        GuestProgress.Await(destination, 5000);
        await destination.PauseAsync(default);
        var report = destination.CheckInvariant();
        Assert.True(report.Holds, report.ToString());
        Assert.True(report.WriteCount >= source.WriteCount + 5000);
        Assert.False(source.IsRunning);
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task GuestThatComesBack_GoesOnWhereItWasBefore(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var first = Guest.CreateSource(Options(kind));
        using var second = Guest.CreateDestination(Options(kind) with { Poison = true });
        first.Start();
        var (here, there) = (first, second);
        for (var move = 0; move < 4; move++)
        {
            GuestProgress.Await(here, 500);
            await here.PauseAsync(default);
            await GuestMove.Run(here, there);
            Assert.Equal(here.CheckInvariant(), there.CheckInvariant());
            Assert.True(there.CheckInvariant().Holds);
            await there.ResumeAsync(default);
            (here, there) = (there, here);
        }
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public void Sections_AreTheSameOnBothSides(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var source = Guest.CreateSource(Options(kind));
        using var destination = Guest.CreateDestination(Options(kind));
        var prefix = kind == GuestKind.Kvm ? "kvm-vcpu" : "synthetic-writer";
        Assert.Equal([$"{prefix}-0", $"{prefix}-1", "opaque"], source.Sections.Select(section => section.Id));
        Assert.Equal(
            source.Sections.Select(section => (section.Id, section.Version)),
            destination.Sections.Select(section => (section.Id, section.Version)));
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task SavedSections_KeepToTheirDeclaredSize(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateSource(Options(kind));
        guest.Start();
        GuestProgress.Await(guest, 100);
        await guest.PauseAsync(default);
        foreach (var section in guest.Sections)
            Assert.InRange((await GuestMove.Save(guest, section)).Length, 1, section.Size);
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task IdleGuest_WritesNothing_AndStops(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateSource(Options(kind) with { DirtyBytesPerSecond = 0 });
        using var source = guest.CreateDirtySource("auto");
        guest.Start();
        Assert.True(guest.IsRunning);
        await guest.PauseAsync(default);
        await guest.ResumeAsync(default);
        await guest.PauseAsync(default);
        Assert.Equal(0, guest.WriteCount);
        Assert.True(guest.CheckInvariant().Holds);
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task DestinationWithoutState_RefusesToRunOrReport(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateDestination(Options(kind) with { Poison = true });
        Assert.Equal(0, guest.WriteCount);
        Assert.Throws<InvalidOperationException>(guest.CheckInvariant);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await guest.ResumeAsync(default));
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task LostPage_BreaksTheInvariant(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateSource(Options(kind, 1) with { Pattern = DirtyPattern.Sequential });
        guest.Start();
        GuestProgress.Await(guest, 1000);
        await guest.PauseAsync(default);
        Assert.True(guest.CheckInvariant().Holds);
        EraseWrittenPages(guest);
        Assert.False(guest.CheckInvariant().Holds);
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm, "auto, log, protect, ring, uffd")]
    [InlineData(GuestKind.Synthetic, "auto, uffd, explicit")]
    public void UnknownDirtySource_NamesThoseThereAre(GuestKind kind, string there)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateSource(Options(kind));
        Assert.Contains(there, Assert.Throws<ArgumentException>(() => guest.CreateDirtySource("magic")).Message, StringComparison.Ordinal);
    }

    /// <summary>Wipes the first MiB of the data area: 256 pages that the sequential pattern has written by then.</summary>
    private static unsafe void EraseWrittenPages(IGuest guest)
    {
        var start = guest.Kind == GuestKind.Kvm ? 2 << 20 : 0;
        new Span<byte>((byte*)guest.Memory.Blocks[0].Info.HostAddress + start, 1 << 20).Clear();
    }
}
