using DataPlane.Cli.Doctor;
using DataPlane.Linux.Host;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Doctor;

/// <summary>What is made of two hosts and a path that this machine does not have.</summary>
public sealed class PeerChecksTests
{
    private static readonly HostDescription Host = new()
    {
        Name = "other", Version = "0.1.0", OldestProtocol = 1, NewestProtocol = 1, Architecture = "x64", Kernel = "6.12.9", PageBytes = 4096, Cpu = "Some CPU",
        CpuFeatures = ["avx2", "avx512f", "sse4_2"], Kvm = true, Lz4 = "1.10.0", Zstd = "1.5.7", Interface = "eth0", InterfaceMegabits = 25_000, InterfaceMtu = 9000,
        SendBufferBytes = 4 << 20, ReceiveBufferBytes = 6 << 20, Congestion = "cubic", Channels = 8, CanMigrate = true, Checks = [],
    };

    private static readonly PathReading Path = new(5298, 100, 120, 50, 9000, 9000, LargerVanish: false, BulkPasses: true);

    [Fact]
    public void TwoOfAKind_NothingIsToBeMended()
    {
        var checks = All(Host, Path);
        Assert.All(checks, check => Assert.Equal((CheckStatus.Ok, null), (check.Status, check.Fix)));
        Assert.Equal(
            ["port", "round-trip", "clock-offset", "path-mtu", "full-packets", "link-rate", "buffers", "congestion", "version", "architecture", "page-size", "cpu-features", "kvm-on-both", "lz4", "zstd"],
            checks.Select(check => check.Name));
    }

    [Fact]
    public void BlackHole_StopsAMigration_AndBothInterfacesAreToldToSendLess()
    {
        var check = Of("path-mtu", Host, Path with { Mtu = 1500, LargerVanish = true });
        Assert.Equal((CheckStatus.Missing, true), (check.Status, check.Essential));
        Assert.StartsWith("packets over 1500 bytes vanish", check.Found, StringComparison.Ordinal);
        Assert.Equal("ip link set dev eth0 mtu 1500; ssh there 'ip link set dev eth0 mtu 1500'", check.Fix);
        Assert.Equal((CheckStatus.Missing, true), Of("full-packets", Host, Path with { BulkPasses = false }) is var full ? (full.Status, full.Essential) : default);
    }

    [Fact]
    public void SizeThatRoutersRefuse_IsANote() => Assert.Equal(CheckStatus.Note, Of("path-mtu", Host, Path with { Mtu = 1400 }).Status);

    [Fact]
    public void NoDatagramThrough_IsANote_AndNamesNoSize()
    {
        var check = Of("path-mtu", Host, Path with { Mtu = null });
        Assert.Equal((CheckStatus.Note, null), (check.Status, check.Fix));
        Assert.StartsWith("no datagram came through", check.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void InterfacesOfTwoSizes_TheSmallerIsToldToGrow()
    {
        var check = Of("path-mtu", Host with { InterfaceMtu = 1500 }, Path with { ProbedMtu = 1500, Mtu = 1500 });
        Assert.Equal((CheckStatus.Note, "ssh there 'ip link set dev eth0 mtu 9000'"), (check.Status, check.Fix));
    }

    [Fact]
    public void FeaturesThatTheOtherLacks_AreNamedForTheVmm()
    {
        var check = Of("cpu-features", Host with { CpuFeatures = ["avx2"] }, Path);
        Assert.Equal((CheckStatus.Note, "qemu-system-x86_64 -cpu host,-avx512f,-sse4-2"), (check.Status, check.Fix));
        Assert.EndsWith("other lacks avx512f, sse4_2", check.Found, StringComparison.Ordinal);
        check = Of("cpu-features", Host with { CpuFeatures = [.. Host.CpuFeatures, "gfni"] }, Path);
        Assert.Equal(CheckStatus.Ok, check.Status);
        Assert.Contains("may not come back here: gfni", check.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void LongAndFastPath_AsksForBuffersOnTheHostThatLacksThem()
    {
        // 25 Gbit/s x 100 ms are 312.5 MB: 39.1 MB a channel for the sender, twice that for the receiver.
        var check = Of("buffers", Host, Path with { MedianRoundTripUs = 100_000 });
        Assert.Equal(
            (CheckStatus.Note, "sysctl -w net.ipv4.tcp_wmem=\"4096 16384 67108864\"; ssh there 'sysctl -w net.ipv4.tcp_rmem=\"4096 131072 134217728\"'"), (check.Status, check.Fix));
        check = Of("buffers", Host with { InterfaceMegabits = 100, ReceiveBufferBytes = 1000 }, Path with { MedianRoundTripUs = 10_000 });
        Assert.Equal("ssh there 'sysctl -w net.ipv4.tcp_rmem=\"4096 131072 32768\"'", check.Fix);
    }

    [Theory]
    [InlineData("version", "missing", true)]
    [InlineData("architecture", "missing", true)]
    [InlineData("page-size", "missing", true)]
    [InlineData("kvm-on-both", "note", false)]
    [InlineData("lz4", "note", false)]
    [InlineData("link-rate", "note", false)]
    [InlineData("clock-offset", "note", false)]
    [InlineData("round-trip", "note", false)]
    public void Difference_IsJudgedByWhatItDoesToAMigration(string name, string status, bool essential)
    {
        var other = Host with { OldestProtocol = 2, NewestProtocol = 3, Architecture = "arm64", PageBytes = 65_536, Kvm = false, Lz4 = null, InterfaceMegabits = 10_000 };
        var check = Of(name, other, Path with { ClockOffsetUs = -2e6, MedianRoundTripUs = 50_000 });
        Assert.Equal((status, essential), (check.Status.ToString().ToLowerInvariant(), check.Essential));
    }

    [Fact]
    public void KvmOnNeither_IsANote_AndSaysWhichGuestsCanGo()
    {
        var without = Host with { Kvm = false };
        var check = new PeerChecks("there", without, without, Path).All().Single(each => each.Name == "kvm-on-both");
        Assert.Equal((CheckStatus.Note, "on neither", null), (check.Status, check.Found, check.Fix));
        Assert.Contains("--guest synthetic", check.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_AreThoseOfTheGuest_AndNotOfTheMachine()
    {
        using var tree = new FileTree();
        tree.With("proc/cpuinfo", "processor\t: 0\nmodel name\t: x\nflags\t\t: fpu sse4_2 avx2 constant_tsc rep_good vmx ept lm nx arch_perfmon aes\n");
        Assert.Equal(["aes", "avx2", "lm", "nx", "sse4_2"], CpuFeatures.Of(new HostFiles(tree.Root)));
        tree.With("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd sve\n");
        Assert.Equal(["asimd", "fp", "sve"], CpuFeatures.Of(new HostFiles(tree.Root)));
    }

    private static Check[] All(HostDescription there, PathReading path) => [.. new PeerChecks("there", Host, there, path).All()];

    private static Check Of(string name, HostDescription there, PathReading path) => All(there, path).Single(check => check.Name == name);
}
