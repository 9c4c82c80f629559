using DataPlane.Linux.Host;
using DataPlane.Linux.Userfault;

namespace DataPlane.Cli.Doctor;

/// <summary>How written pages can be found: KVM, its logs and rings, userfaultfd.</summary>
internal sealed class DirtyPageChecks(HostFiles files, KvmFacts kvm, UserfaultFacts userfault)
{
    private const string Group = "dirty pages";
    private const string Instead = "Without it a VMM's other dirty sources are left.";
    private const int RingEntryBytes = 16;
    private const int NotPermitted = 1, NoSuchFile = 2, NoSuchAddress = 6, AccessDenied = 13, NoSuchDevice = 19;

    public IEnumerable<Check> All() => [Kvm(), DirtyLog(), DirtyRing(), Userfaultfd(), WriteTracking(), PagemapScan()];

    private Check Kvm() => new(
        Group, "kvm", kvm.Fault is null ? CheckStatus.Ok : CheckStatus.Missing, kvm.Fault is null ? "/dev/kvm opens, API 12, makes a VM" : kvm.Fault,
        kvm.Fault is null ? "Guests run on real vCPUs here." : "No KVM guest can run here; '--guest synthetic' (threads that write) can.", KvmFix());

    private Check DirtyLog() => OfKvm(
        "kvm-dirty-log", kvm.ManualProtect, "with manual protection", "without manual protection (Linux 5.7)",
        "Manual protection ('protect') protects pages again only as they are sent; without it the plain log ('log') does so at each read, all at once.");

    private Check DirtyRing() => OfKvm(
        "kvm-dirty-ring", kvm.RingBytes > 0, $"up to {kvm.RingBytes / RingEntryBytes} pages per vCPU", "none (Linux 5.11 on x86-64)",
        "What a read of dirty pages costs then depends on what was written ('ring'), not on the guest's size. " + Instead);

    private Check OfKvm(string name, bool there, string found, string lacking, string meaning) => kvm.Fault is not null
        ? new Check(Group, name, CheckStatus.Missing, "no KVM", meaning, KvmFix())
        : new Check(Group, name, there ? CheckStatus.Ok : CheckStatus.Note, there ? found : lacking, meaning, there ? null : KernelVersion.NewKernel);

    private string? KvmFix()
    {
        if (kvm.Fault is null) return null;
        if (kvm.Errno is NotPermitted or AccessDenied) return "setfacl -m u:$USER:rw /dev/kvm";
        if (kvm.Errno is not (NoSuchFile or NoSuchDevice or NoSuchAddress)) return null; // It says itself what ails it: another hypervisor, for example.
        var flags = (files.Field("proc/cpuinfo", "flags") ?? "").Split(' ');
        return flags.Contains("vmx") ? "modprobe kvm_intel" : flags.Contains("svm") ? "modprobe kvm_amd" : null;
    }

    private Check Userfaultfd()
    {
        var forAll = files.Read("proc/sys/vm/unprivileged_userfaultfd");
        var found = userfault.Fault is null ? "opens for faults in user mode, which is enough and needs no privilege" : userfault.Fault;
        return new Check(
            Group, "userfaultfd", userfault.Fault is null ? CheckStatus.Ok : CheckStatus.Missing,
            $"{found}; vm.unprivileged_userfaultfd is {forAll.Text ?? "absent"}; /dev/userfaultfd {DeviceWords()}",
            "Finds what any thread or vCPU of the process writes, without KVM ('uffd').",
            userfault.Errno switch
            {
                0 => null,
                UserfaultNative.PermissionDenied => "docker run --security-opt seccomp=unconfined",
                _ => KernelVersion.NewKernel,
            });
    }

    private Check WriteTracking() => new(
        Group, "userfaultfd-wp-async", userfault.TracksWrites ? CheckStatus.Ok : CheckStatus.Missing,
        userfault.TracksWrites ? $"WP_ASYNC, WP_UNPOPULATED, on memory files; features 0x{userfault.Features:x}" : $"features 0x{userfault.Features:x}",
        "With it the kernel lets a first write through by itself; without it 'uffd' is not to be had.",
        userfault.TracksWrites ? null : KernelVersion.NewKernel);

    private Check PagemapScan() => new(
        Group, "pagemap-scan", userfault.TrackingFault is null ? CheckStatus.Ok : CheckStatus.Missing,
        userfault.TrackingFault ?? "a page was tracked",
        "Asks the kernel which pages were written, at a cost that grows with the guest's size; 'uffd' needs it.",
        userfault.TrackingFault is null ? null : KernelVersion.NewKernel);

    private string DeviceWords()
    {
        var path = files.Full("dev/userfaultfd");
        if (!File.Exists(path)) return "is absent";
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite).Dispose();
            return "is open to this user";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "is not open to this user";
        }
    }
}
