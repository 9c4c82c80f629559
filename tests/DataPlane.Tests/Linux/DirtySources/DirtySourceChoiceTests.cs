using DataPlane.Core.Dirty;
using DataPlane.Guests;
using DataPlane.Linux.Userfault;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>What <c>auto</c> picks, and how a name that cannot work is refused: with what is missing and what to do.</summary>
[Collection("machine")]
public sealed class DirtySourceChoiceTests
{
    private static GuestOptions Options(GuestKind kind, string source = "auto") =>
        new() { Kind = kind, MemoryBytes = 8L << 20, WorkingSetBytes = 1L << 20, DirtySource = source };

    [SkippableTheory]
    [InlineData("log", "log+explicit")]
    [InlineData("protect", "protect+explicit")]
    [InlineData("ring", "ring+explicit")]
    [InlineData("uffd", "uffd")]
    public void KvmGuest_GivesWhatIsNamed(string name, string reported)
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, name);
        using var guest = Guest.CreateSource(Options(GuestKind.Kvm, name));
        using var source = guest.CreateDirtySource(name);
        Assert.Equal(reported, source.Name);
    }

    [SkippableTheory]
    [InlineData("auto", "ring", "must be there before its first vCPU")]
    [InlineData("ring", "log", "Make the guest with DirtySource = \"log\"")]
    [InlineData("ring", "protect", "Make the guest with DirtySource = \"protect\"")]
    [InlineData("auto", "explicit", "it has: auto, log, protect, ring, uffd. Its vCPUs do not mark")]
    public void KvmGuest_RefusesWhatItsVmCannotDo(string made, string asked, string words)
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, made);
        using var guest = Guest.CreateSource(Options(GuestKind.Kvm, made));
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => guest.CreateDirtySource(asked)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log")]
    [InlineData("protect")]
    [InlineData("ring")]
    public void SyntheticGuest_RefusesWhatOnlyVcpusHave(string name)
    {
        using var guest = Guest.CreateSource(Options(GuestKind.Synthetic));
        var fault = Assert.Throws<ArgumentException>(() => guest.CreateDirtySource(name));
        Assert.Contains("it has: auto, uffd, explicit", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(Assert.Single(Options(GuestKind.Synthetic, name).Validate()), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SyntheticGuest_AutoIsUserfaultfdWhereItWorks()
    {
        using var guest = Guest.CreateSource(Options(GuestKind.Synthetic));
        using var source = guest.CreateDirtySource("auto");
        var tracked = guest.Memory.Blocks[0].Info.BackingPageSize == 4096 && UserfaultDirtySource.Works(guest.Memory, out _);
        Assert.Equal(tracked ? "uffd" : "explicit", source.Name);
    }

    [SkippableFact]
    public void MemoryThatCannotBeProtected_IsRefusedByName_AndAutoMakesDo()
    {
        NeedsDirtySource.OrSkip(GuestKind.Synthetic, "uffd");
        using var guest = Guest.CreateSource(Options(GuestKind.Synthetic));
        using var other = new UserfaultDirtySource(guest.Memory);
        other.Start();
        using var source = guest.CreateDirtySource("auto");
        Assert.Equal("explicit", source.Name);
        var fault = Assert.Throws<DirtySourceUnavailableException>(() => guest.CreateDirtySource("uffd"));
        Assert.Contains("already under another userfaultfd. End that one first", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownName_IsAFaultOfTheOptions() =>
        Assert.Contains(
            "no dirty source 'magic'", Assert.Single(Options(GuestKind.Synthetic, "magic").Validate()), StringComparison.Ordinal);
}
