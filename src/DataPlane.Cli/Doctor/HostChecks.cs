using System.Runtime.Intrinsics;
using DataPlane.Cli.Units;
using DataPlane.Linux.Host;
using DataPlane.Options;

namespace DataPlane.Cli.Doctor;

/// <summary>Kernel, cores, clock, vector instructions.</summary>
internal sealed class HostChecks(HostFiles files)
{
    private const string Group = "host";

    private static readonly string[] _goodClocks = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"];
    private static readonly string[] _vectorFlags = ["avx2", "avx512f", "avx512bw", "asimd"];

    public IEnumerable<Check> All() => [Kernel(), Cores(), Clock(), Vectors()];

    private Check Kernel()
    {
        var release = files.Read("proc/sys/kernel/osrelease");
        var version = KernelVersion.Parse(release.Text);
        const string Meaning = "Memory is set up ahead of the stream since 5.14, collapsed into huge pages since 6.1, and tracked without KVM since 6.7.";
        return version >= new Version(6, 7)
            ? new Check(Group, "kernel", CheckStatus.Ok, release.Text!, Meaning, null)
            : new Check(Group, "kernel", CheckStatus.Note, release.Text ?? release.Why!, Meaning, KernelVersion.NewKernel);
    }

    private Check Cores()
    {
        var allowed = CoreList.Count(files.Field("proc/self/status", "Cpus_allowed_list"));
        var online = CoreList.Count(files.Read("sys/devices/system/cpu/online").Text);
        var (quota, file) = CpuQuota.Read(files);
        var found = $"{allowed?.ToString() ?? "?"} of {online?.ToString() ?? "?"} allowed, "
            + $"{(quota is { } cores ? $"a quota of {cores:0.##}" : "no quota")}; .NET counts {Environment.ProcessorCount}";
        var meaning = $"'--channels auto' takes {DefaultChannels.Count} here. A channel keeps most of a core busy on each side, and the guest's vCPUs want theirs.";
        var fix = quota < 2 && file is not null ? $"echo max > /{file}"
            : allowed < online ? $"taskset -acp 0-{online - 1} $$" : null;
        return new Check(Group, "cores", allowed < online || allowed < 2 || quota < 2 ? CheckStatus.Note : CheckStatus.Ok, found, meaning, fix);
    }

    private Check Clock()
    {
        const string Folder = "sys/devices/system/clocksource/clocksource0";
        var current = files.Read($"{Folder}/current_clocksource");
        const string Meaning = "Each side reads its own monotonic clock; the two are matched during the migration, and NTP is not needed for that.";
        if (current.Text is null || _goodClocks.Contains(current.Text))
            return new Check(Group, "clock", CheckStatus.Ok, current.Text ?? current.Why!, Meaning, null);
        var better = (files.Read($"{Folder}/available_clocksource").Text ?? "").Split(' ').FirstOrDefault(_goodClocks.Contains);
        return new Check(
            Group, "clock", CheckStatus.Note, $"{current.Text}", $"Each read of this clock is a system call, or worse. {Meaning}",
            better is null ? null : $"echo {better} > /{Folder}/current_clocksource");
    }

    private Check Vectors()
    {
        var flags = (files.Field("proc/cpuinfo", "flags") ?? files.Field("proc/cpuinfo", "Features") ?? "").Split(' ');
        string[] has = [.. _vectorFlags.Where(flags.Contains)];
        var used = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        var found = $"the CPU has {(has.Length > 0 ? string.Join(", ", has) : "none of avx2, avx512f")}; .NET uses {used} bits";
        const string Meaning = "Pages of zeros are found with them, at the speed of memory with 256 bits or more.";
        return used >= 256 || has is ["asimd"]
            ? new Check(Group, "vectors", CheckStatus.Ok, found, Meaning, null)
            : new Check(Group, "vectors", CheckStatus.Note, found, Meaning, has.Contains("avx2") ? "unset DOTNET_EnableAVX2 DOTNET_EnableAVX DOTNET_EnableHWIntrinsic" : null);
    }
}
