using System.Diagnostics;
using DataPlane.Linux;
using DataPlane.Linux.Host;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Host;

/// <summary>What is read is what stands there, or why nothing does.</summary>
public sealed class HostFactsTests
{
    [Fact]
    public void Files_that_are_absent_or_folders_are_no_exceptions()
    {
        using var tree = new FileTree();
        var files = new HostFiles(tree.Root);
        Assert.Equal((null, "this kernel has no such file"), (files.Read("proc/none").Text, files.Read("proc/none").Why));
        Directory.CreateDirectory(Path.Combine(tree.Root, "folder"));
        Assert.NotNull(files.Read("folder").Why);
        Assert.Null(files.Number("proc/none"));
        Assert.Null(files.Field("proc/none", "name"));
        Assert.Empty(files.Names("proc"));
    }

    [SkippableFact]
    public void File_that_this_user_may_not_read_says_so()
    {
        using var tree = new FileTree();
        var path = Path.Combine(tree.With("secret", "1").Root, "secret");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.None);
        Skip.If(Environment.IsPrivilegedProcess, "Root may read every file; run as another user to have this tested.");
        Assert.Equal("this user may not read it", new HostFiles(tree.Root).Read("secret").Why);
    }

    /// <summary>A file that opens and then fails, as the speed of an interface that is down.</summary>
    [Fact]
    public void File_that_fails_when_read_says_why()
    {
        var down = new HostFiles().Names("sys/class/net").Where(name => new HostFiles().Read($"sys/class/net/{name}/speed").Text is null).ToArray();
        Assert.Contains("lo", down);
        Assert.NotNull(new HostFiles().Read("sys/class/net/lo/speed").Why);
    }

    [Fact]
    public void Fields_and_numbers_are_those_of_the_file()
    {
        using var tree = new FileTree().With("a", "name  : one: two\nnames: 3\nother:\t7 kB").With("n", " 42 ");
        var files = new HostFiles(tree.Root);
        Assert.Equal(("one: two", "3", "7 kB", 42), (files.Field("a", "name"), files.Field("a", "names"), files.Field("a", "other"), files.Number("n")));
        Assert.Null(files.Number("a"));
        Assert.Equal(["a", "n"], files.Names(""));
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024L)]
    [InlineData("Max open files            unlimited            unlimited            files     ", long.MaxValue)]
    [InlineData("Max open files", null)]
    [InlineData("Max locked memory         8388608              8388608              bytes", null)]
    public void Limit_is_the_soft_one(string line, long? limit)
    {
        using var tree = new FileTree().With("limits", "Limit                     Soft Limit           Hard Limit           Units     \n" + line);
        Assert.Equal(limit, ProcessLimits.Read(ProcessLimits.OpenFiles, Path.Combine(tree.Root, "limits")));
        Assert.Null(ProcessLimits.Read(ProcessLimits.OpenFiles, Path.Combine(tree.Root, "none")));
    }

    [Fact]
    public void Own_limits_are_what_prlimit_says()
    {
        Assert.Equal(ByPrlimit("NOFILE"), ProcessLimits.Read(ProcessLimits.OpenFiles));
        Assert.Equal(ByPrlimit("MEMLOCK"), ProcessLimits.Read(ProcessLimits.LockedMemory));
    }

    [Fact]
    public void Kvm_that_is_not_there_has_the_systems_error()
    {
        var facts = KvmFacts.Probe("/dev/none");
        Assert.Equal((2, false, 0), (facts.Errno, facts.ManualProtect, facts.RingBytes)); // ENOENT
        Assert.Contains("No such file", facts.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Device_that_is_no_kvm_is_told_from_one()
    {
        var facts = KvmFacts.Probe("/dev/null");
        Assert.Contains("not a KVM", facts.Fault, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Kvm_that_is_there_is_asked()
    {
        NeedsKvm.OrSkip(DataPlane.Guests.GuestKind.Kvm);
        Assert.Null(KvmFacts.Probe().Fault);
    }

    [Fact]
    public void Userfaultfd_that_tracks_a_page_names_the_features_for_it()
    {
        var facts = UserfaultFacts.Probe();
        if (facts.TrackingFault is null) Assert.True(facts.TracksWrites);
        if (facts.Fault is not null) Assert.NotNull(facts.TrackingFault);
    }

    private static long ByPrlimit(string name)
    {
        using var prlimit = Process.Start(new ProcessStartInfo(
            "prlimit", ["--pid", $"{Environment.ProcessId}", $"--{name.ToLowerInvariant()}", "--output", "SOFT", "--noheadings", "--raw"]) { RedirectStandardOutput = true })!;
        var text = prlimit.StandardOutput.ReadToEnd().Trim();
        prlimit.WaitForExit();
        return text == "unlimited" ? long.MaxValue : long.Parse(text);
    }
}
