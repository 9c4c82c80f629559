using DataPlane.Cli.Doctor;
using DataPlane.Linux.Host;
using DataPlane.Options;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Doctor;

/// <summary>What the checks make of hosts that this machine is not.</summary>
public sealed class DoctorChecksTests : IDisposable
{
    private static readonly KvmFacts GoodKvm = new(null, 0, true, 1 << 20);
    private static readonly UserfaultFacts GoodUserfault = new(null, 0, 0x1ffff, null);

    private readonly FileTree _tree = new();

    [Theory]
    [InlineData("6.12.9-amd64", "ok")]
    [InlineData("6.7.0", "ok")]
    [InlineData("7.0.1", "ok")]
    [InlineData("6.1.0-31-cloud", "note")]
    [InlineData("5.10", "note")]
    [InlineData("odd", "note")]
    public void Kernel_is_judged_by_its_version(string release, string status)
    {
        _tree.With("proc/sys/kernel/osrelease", release);
        Assert.Equal((status, release), Status("kernel"));
    }

    [Theory]
    [InlineData("0-3", "0-7", "max 100000", "note", "4 of 8 allowed, no quota", "taskset -acp 0-7 $$")]
    [InlineData("0-7", "0-7", "max 100000", "ok", "8 of 8 allowed, no quota", null)]
    [InlineData("0-7", "0-7", "150000 100000", "note", "8 of 8 allowed, a quota of 1.5", "echo max > /sys/fs/cgroup/a/b/cpu.max")]
    [InlineData("0-1,4,6-7", "0-4", "400000 100000", "ok", "5 of 5 allowed, a quota of 4", null)]
    [InlineData("0", "0", "max 100000", "note", "1 of 1 allowed, no quota", null)]
    [InlineData("x", "0-1", "max", "ok", "? of 2 allowed, no quota", null)]
    public void Cores_are_those_of_affinity_and_quota(string allowed, string online, string quota, string status, string found, string? fix)
    {
        _tree.With("proc/self/status", $"Name:\tx\nCpus_allowed_list:\t{allowed}").With("sys/devices/system/cpu/online", online)
            .With("proc/self/cgroup", "0::/a/b").With("sys/fs/cgroup/a/b/cpu.max", quota);
        var check = Check("cores");
        Assert.Equal(status, Word(check));
        Assert.StartsWith(found + ";", check.Found, StringComparison.Ordinal);
        Assert.Equal(fix, check.Fix);
    }

    [Fact]
    public void Smallest_quota_on_the_way_to_the_root_counts_also_of_old_control_groups()
    {
        _tree.With("proc/self/cgroup", "0::/a/b").With("sys/fs/cgroup/a/cpu.max", "100000 100000").With("sys/fs/cgroup/a/b/cpu.max", "300000 100000");
        Assert.Equal((1.0, "sys/fs/cgroup/a/cpu.max"), CpuQuota.Read(new HostFiles(_tree.Root)));
        _tree.With("proc/self/cgroup", "3:cpuset:/\n1:cpu,cpuacct:/x").With("sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "50000").With("sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000");
        Assert.Equal((0.5, "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us"), CpuQuota.Read(new HostFiles(_tree.Root)));
        _tree.With("sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "-1");
        Assert.Equal((null, null), CpuQuota.Read(new HostFiles(_tree.Root)));
    }

    [Theory]
    [InlineData("tsc", "tsc hpet", "ok", null)]
    [InlineData("kvm-clock", "kvm-clock", "ok", null)]
    [InlineData("hpet", "tsc hpet acpi_pm", "note", "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource")]
    [InlineData("acpi_pm", "acpi_pm", "note", null)]
    public void Slow_clock_is_noted_with_a_better_one_where_there_is(string current, string available, string status, string? fix)
    {
        const string Folder = "sys/devices/system/clocksource/clocksource0";
        _tree.With($"{Folder}/current_clocksource", current).With($"{Folder}/available_clocksource", available);
        Assert.Equal((status, fix), (Word(Check("clock")), Check("clock").Fix));
    }

    [Theory]
    [InlineData("0", "0", "note", "none of 2 MiB reserved", "sysctl -w vm.nr_hugepages=512")]
    [InlineData("600", "90", "ok", "600 of 2 MiB reserved, 90 free", null)]
    [InlineData(null, null, "missing", "this kernel has no such file", null)]
    public void Huge_pages_are_those_reserved(string? total, string? free, string status, string found, string? fix)
    {
        const string Folder = "sys/kernel/mm/hugepages/hugepages-2048kB";
        if (total is not null) _tree.With($"{Folder}/nr_hugepages", total).With($"{Folder}/free_hugepages", free!);
        var check = Check("huge-pages");
        Assert.Equal((status, found, fix), (Word(check), check.Found, check.Fix));
    }

    [Fact]
    public void Memory_that_cannot_be_made_is_the_end()
    {
        var checks = new MemoryChecks(new HostFiles(_tree.Root), new MemoryFileFacts("memfd_create: no", false)).All().ToArray();
        var check = checks.Single(each => each.Name == "memory-files");
        Assert.Equal((CheckStatus.Missing, "memfd_create: no", true), (check.Status, check.Found, check.Essential));
        Assert.False(DoctorReport.Of(checks).CanMigrate);
        using var text = new StringWriter();
        DoctorText.Write(text, checks);
        Assert.Contains("No migration can work here for want of memory-files", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4096 131072 33554432", "4096 16384 33554432", "ok", "ok")]
    [InlineData("4096 131072 6291456", "4096\t16384\t4194304", "note", "note")]
    public void Buffers_are_held_against_what_fast_links_have_on_the_way(string receive, string send, string receiveStatus, string sendStatus)
    {
        _tree.With("proc/sys/net/ipv4/tcp_rmem", receive).With("proc/sys/net/ipv4/tcp_wmem", send).With("proc/sys/net/core/rmem_max", "212992");
        var channels = DefaultChannels.Count;
        // By the words of the check: half of what is received is window, and 12.5 MB have to be on the way.
        Assert.Equal(receive.Contains("33554432", StringComparison.Ordinal) || 6291456.0 / 2 * channels >= 12.5e6 ? "ok" : receiveStatus, Word(Check("receive-buffer")));
        Assert.Equal(send.Contains("33554432", StringComparison.Ordinal) || 4194304.0 * channels >= 12.5e6 ? "ok" : sendStatus, Word(Check("send-buffer")));
        Assert.Contains("rmem_max 0.21 MB", Check("receive-buffer").Found, StringComparison.Ordinal);
        if (Check("send-buffer").Fix is { } fix)
        {
            var most = long.Parse(fix.Split(' ')[^1].TrimEnd('"'));
            Assert.StartsWith("sysctl -w net.ipv4.tcp_wmem=\"4096 16384 ", fix, StringComparison.Ordinal);
            Assert.True(most * channels >= 12.5e6);
        }
    }

    [Fact]
    public void Arithmetic_of_the_buffers_is_printed()
    {
        _tree.With("proc/sys/net/ipv4/tcp_wmem", "1 2 10000000");
        var onTheWay = 10.0 * DefaultChannels.Count;
        Assert.Contains($"are {onTheWay:0.##} MB: enough for 10 Gbit/s up to a round trip of {onTheWay * 0.8:0.##} ms", Check("send-buffer").Meaning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100000", "1500", "note", "100 Gbit/s, MTU 1500", "ip link set dev e0 mtu 9000")]
    [InlineData("25000", "9000", "ok", "25 Gbit/s, MTU 9000", null)]
    [InlineData("2500", "1500", "note", "2.5 Gbit/s, MTU 1500", null)]
    [InlineData("100", "1500", "note", "100 Mbit/s, MTU 1500", null)]
    [InlineData("-1", "1400", "ok", "rate not told, MTU 1400", null)]
    public void Interface_has_its_rate_and_mtu(string speed, string mtu, string status, string found, string? fix)
    {
        foreach (var name in (string[])["e0", "lo"])
            _tree.With($"sys/class/net/{name}/speed", speed).With($"sys/class/net/{name}/mtu", mtu).With($"sys/class/net/{name}/operstate", "up");
        _tree.With("sys/class/net/e1/operstate", "down");
        var check = Assert.Single(Network(), each => each.Name.StartsWith("interface", StringComparison.Ordinal));
        Assert.Equal(("interface e0", status, found, fix), (check.Name, Word(check), check.Found, check.Fix));
    }

    [Fact]
    public void Host_without_an_interface_that_is_up_says_so() =>
        Assert.Equal(CheckStatus.Note, Network().Single(check => check.Name == "interface").Status);

    [Theory]
    [InlineData("64", "missing", false)]
    [InlineData("256", "note", true)]
    [InlineData("20000", "ok", true)]
    [InlineData("unlimited", "ok", true)]
    public void Descriptors_can_be_too_few_to_migrate(string limit, string status, bool can)
    {
        _tree.With("proc/self/limits", $"Max open files            {limit}                 524288               files     ");
        Assert.Equal(status, Word(Check("descriptors")));
        Assert.Equal(can, DoctorReport.Of([.. Network()]).CanMigrate);
    }

    [Theory]
    [InlineData(2, "fpu vmx", "modprobe kvm_intel")]
    [InlineData(2, "fpu svm", "modprobe kvm_amd")]
    [InlineData(2, "fpu", null)]
    [InlineData(13, "fpu vmx", "setfacl -m u:$USER:rw /dev/kvm")]
    [InlineData(16, "fpu vmx", null)]
    public void Kvm_that_does_not_work_has_the_fix_for_its_reason(int errno, string flags, string? fix)
    {
        _tree.With("proc/cpuinfo", $"processor\t: 0\nflags\t\t: {flags}");
        var checks = new DirtyPageChecks(new HostFiles(_tree.Root), new KvmFacts("The reason.", errno, false, 0), GoodUserfault).All().ToArray();
        Assert.All(checks[..3], check => Assert.Equal((CheckStatus.Missing, fix), (check.Status, check.Fix)));
        Assert.Equal("The reason.", checks[0].Found);
        Assert.All(checks[3..], check => Assert.Equal(CheckStatus.Ok, check.Status));
        Assert.True(DoctorReport.Of(checks).CanMigrate); // Guests of threads can be moved all the same.
    }

    [Theory]
    [InlineData(1, "docker run --security-opt seccomp=unconfined")]
    [InlineData(38, KernelVersion.NewKernel)]
    public void Userfaultfd_that_does_not_work_has_the_fix_for_its_reason(int errno, string fix)
    {
        var checks = new DirtyPageChecks(new HostFiles(_tree.Root), GoodKvm, new UserfaultFacts("No.", errno, 0, "No.")).All().ToArray();
        Assert.Equal(fix, checks.Single(check => check.Name == "userfaultfd").Fix);
        Assert.Equal(3, checks.Count(check => check.Status == CheckStatus.Missing));
    }

    [Theory]
    [InlineData("bbr", "reno cubic bbr", "cubic where the round trip is under 0.2 ms, bbr from there on")]
    [InlineData("bbr", "reno bbr", "reno where the round trip is under 0.2 ms, bbr from there on")]
    [InlineData("bbr", "bbr", "bbr, whatever the round trip")]
    [InlineData("cubic", "reno cubic", "cubic, whatever the round trip")]
    public void Congestion_control_that_auto_takes_here_is_named(string system, string available, string found)
    {
        _tree.With("proc/sys/net/ipv4/tcp_congestion_control", system).With("proc/sys/net/ipv4/tcp_available_congestion_control", available);
        Assert.Equal(("ok", found), Status("congestion-auto"));
    }

    [Fact]
    public void Interface_that_is_held_to_a_rate_is_noted_with_it()
    {
        _tree.With("sys/class/net/e0/ifindex", "3").With("sys/class/net/e1/ifindex", "4");
        var files = new HostFiles(_tree.Root);
        var check = Assert.Single(new ShapingChecks(files, [new QueueRule(3, "tbf", true, 125_000_000), new QueueRule(4, "fq_codel", true, null)]).All());
        Assert.Equal(("shaping e0", CheckStatus.Note, "tbf, 1 Gbit/s", "tc qdisc del dev e0 root"), (check.Name, check.Status, check.Found, check.Fix));
        Assert.Contains("1 GiB takes 8.59 s", check.Meaning, StringComparison.Ordinal);
        check = Assert.Single(new ShapingChecks(files, [new QueueRule(4, "netem", false, null)]).All());
        Assert.Equal(("shaping e1", null), (check.Name, check.Fix));
        Assert.StartsWith("netem, which may", check.Found, StringComparison.Ordinal);
        Assert.Equal(("shaping", CheckStatus.Ok, "none"), Assert.Single(new ShapingChecks(files, []).All()) is var free ? (free.Name, free.Status, free.Found) : default);
        Assert.Equal(CheckStatus.Note, Assert.Single(new ShapingChecks(files, null).All()).Status);
    }

    [Fact]
    public void Empty_host_breaks_no_check()
    {
        var files = new HostFiles(_tree.Root);
        Check[] checks =
        [
            .. new HostChecks(files).All(), .. new MemoryChecks(files, new MemoryFileFacts(null, true)).All(),
            .. new DirtyPageChecks(files, GoodKvm, GoodUserfault).All(), .. new NetworkChecks(files).All(),
        ];
        Assert.All(checks, check => Assert.False(string.IsNullOrWhiteSpace(check.Found) || string.IsNullOrWhiteSpace(check.Meaning), check.Name));
    }

    public void Dispose() => _tree.Dispose();

    private static string Word(Check check) => check.Status.ToString().ToLowerInvariant();

    private (string Status, string Found) Status(string name) => (Word(Check(name)), Check(name).Found);

    private Check[] Network() => [.. new NetworkChecks(new HostFiles(_tree.Root)).All()];

    private Check Check(string name)
    {
        var files = new HostFiles(_tree.Root);
        return new HostChecks(files).All().Concat(new MemoryChecks(files, new MemoryFileFacts(null, true)).All()).Concat(Network()).Single(check => check.Name == name);
    }
}
