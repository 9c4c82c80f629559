using System.Diagnostics;
using System.Text.Json;
using DataPlane.Cli;
using DataPlane.Guests;
using DataPlane.Linux;
using DataPlane.Linux.Codecs;
using Xunit;

namespace DataPlane.Tests.Cli.Doctor;

/// <summary>The command as a person starts it; what it says of this host is held against other readings of the same.</summary>
public sealed class DoctorCommandTests
{
    private static readonly string[] _names =
    [
        "kernel", "cores", "clock", "vectors", "available-memory", "memory-files", "huge-pages", "transparent-huge-pages", "locked-memory", "kvm",
        "kvm-dirty-log", "kvm-dirty-ring", "userfaultfd", "userfaultfd-wp-async", "pagemap-scan", "liblz4", "libzstd", "tcp-ipv4", "tcp-ipv6", "unix",
        "descriptors", "congestion-control", "congestion-auto", "receive-buffer", "send-buffer",
    ];

    [Fact]
    public async Task Document_has_every_check_and_agrees_with_this_host()
    {
        var run = await ProgramRun.OfAsync("doctor", "--json", "-");
        Assert.True(run.Code == 0, run.Error);
        Assert.Empty(run.Error);
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal(["schema", "can-migrate", "checks"], document.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("dataplane.doctor/1", document.RootElement.GetProperty("schema").GetString());
        Assert.True(document.RootElement.GetProperty("can-migrate").GetBoolean());
        var checks = document.RootElement.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!);
        Assert.Empty(_names.Except(checks.Keys));
        Assert.All(checks.Values, check =>
        {
            Assert.Equal("group name status found meaning fix".Split(' '), check.EnumerateObject().Select(field => field.Name));
            Assert.Contains(check.GetProperty("status").GetString(), (string[])["ok", "note", "missing"]);
            Assert.False(string.IsNullOrWhiteSpace(check.GetProperty("meaning").GetString()));
        });

        Assert.Equal(HostFacts.KernelRelease, Found("kernel"));
        Assert.EndsWith($".NET counts {Environment.ProcessorCount}", Found("cores"), StringComparison.Ordinal);
        Assert.Equal(Guest.KvmWorks(out _), Status("kvm") == "ok");
        Assert.Equal(CodecLibraries.Lz4.IsAvailable, Status("liblz4") == "ok");
        Assert.Equal(CodecLibraries.Zstd.IsAvailable, Status("libzstd") == "ok");
        Assert.StartsWith(File.ReadAllText("/proc/sys/net/ipv4/tcp_congestion_control").Trim() + " of ", Found("congestion-control"), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText("/proc/sys/vm/nr_hugepages").Trim() != "0", Status("huge-pages") == "ok");

        string Found(string name) => checks[name].GetProperty("found").GetString()!;
        string Status(string name) => checks[name].GetProperty("status").GetString()!;
    }

    [Fact]
    public async Task Text_has_groups_and_a_verdict_and_no_escape_sequences()
    {
        var run = await ProgramRun.OfAsync("doctor");
        Assert.True(run.Code == 0, run.Error);
        var lines = run.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(["host", "memory", "dirty pages", "compression", "network"], lines[..^1].Where(line => !line.StartsWith(' ')));
        Assert.StartsWith("A migration can work here: ", lines[^1], StringComparison.Ordinal);
        Assert.All(_names, name => Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var word, ..] && word == name));
        Assert.DoesNotContain('\u001b', run.Out);
    }

    /// <summary>Of a host with too few descriptors, in a process that has them: no migration, and the code for it.</summary>
    [Fact]
    public async Task Host_where_no_migration_can_work_has_the_code_for_lack_of_resources()
    {
        await using var doctor = ProgramProcess.Start("doctor", descriptors: 120);
        var run = await doctor.EndAsync();
        Assert.Equal(9, run.Code);
        Assert.Contains("No migration can work here for want of descriptors", run.Out, StringComparison.Ordinal);
    }

    /// <summary>A user without any rights: nothing fails, and what is closed to them is named with what opens it.</summary>
    [SkippableFact]
    public async Task User_without_rights_gets_a_whole_answer()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "Only root can become another user; whoever runs this has no rights either, and the other tests are those of such a user.");
        string[] nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
        var program = BuiltProgram.File;
        using var reads = Process.Start("setpriv", [.. nobody, "test", "-r", program]);
        await reads.WaitForExitAsync();
        Skip.If(reads.ExitCode != 0, "The program lies in a folder that is closed to other users.");
        using var doctor = Process.Start(new ProcessStartInfo("setpriv", [.. nobody, Environment.ProcessPath!, program, "doctor", "--json", "-"]) { RedirectStandardOutput = true })!;
        using var document = JsonDocument.Parse(await doctor.StandardOutput.ReadToEndAsync());
        await doctor.WaitForExitAsync();
        Assert.Equal(0, doctor.ExitCode);
        var kvm = document.RootElement.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "kvm");
        if (!OperatingSystem.IsWindows() && File.Exists("/dev/kvm") && File.GetUnixFileMode("/dev/kvm") is var mode && !mode.HasFlag(UnixFileMode.OtherWrite))
            Assert.Equal(("missing", "setfacl -m u:$USER:rw /dev/kvm"), (kvm.GetProperty("status").GetString(), kvm.GetProperty("fix").GetString()));
    }
}
