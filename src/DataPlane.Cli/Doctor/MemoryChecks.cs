using DataPlane.Cli.Units;
using DataPlane.Linux;
using DataPlane.Linux.Host;

namespace DataPlane.Cli.Doctor;

/// <summary>Memory, huge pages, the limit on locked memory.</summary>
internal sealed class MemoryChecks(HostFiles files, MemoryFileFacts memoryFile)
{
    private const string Group = "memory";
    private const string HugePages = "sys/kernel/mm/hugepages/hugepages-2048kB";
    private const string ShmemEnabled = "sys/kernel/mm/transparent_hugepage/shmem_enabled";
    private const long LittleMemory = 1L << 30;

    public IEnumerable<Check> All() => [Available(), MemoryFiles(), Reserved(), Transparent(), Locked()];

    private Check Available()
    {
        var kibibytes = files.Field("proc/meminfo", "MemAvailable")?.Split(' ')[0];
        var bytes = long.TryParse(kibibytes, out var number) ? number << 10 : (long?)null;
        return new Check(
            Group, "available-memory", bytes < LittleMemory ? CheckStatus.Note : CheckStatus.Ok, bytes is { } known ? ForPeople.Size(known) : "the kernel does not tell",
            "A destination needs as much as the guest has, and device state on top.", null);
    }

    private Check MemoryFiles() => new(
        Group, "memory-files", memoryFile.Fault is null ? CheckStatus.Ok : CheckStatus.Missing, memoryFile.Fault ?? "made, mapped and populated",
        "Guest memory is a file in memory (memfd), whose page tables are set up ahead of the stream.",
        memoryFile.Fault is null ? null : KernelVersion.NewKernel) { Essential = true };

    private Check Reserved()
    {
        const string Meaning = "Into pages of 2 MiB that are reserved a stream runs some twelve times as fast as into new memory in pages of 4 KiB; 512 of them are 1 GiB.";
        if (files.Number($"{HugePages}/nr_hugepages") is not { } total)
            return new Check(Group, "huge-pages", CheckStatus.Missing, files.Read($"{HugePages}/nr_hugepages").Why ?? "no number", Meaning, null);
        var free = files.Number($"{HugePages}/free_hugepages") ?? 0;
        return new Check(
            Group, "huge-pages", total > 0 ? CheckStatus.Ok : CheckStatus.Note, total > 0 ? $"{total} of 2 MiB reserved, {free} free" : "none of 2 MiB reserved", Meaning,
            total > 0 ? null : "sysctl -w vm.nr_hugepages=512");
    }

    private Check Transparent()
    {
        var policy = files.Read(ShmemEnabled);
        var chosen = policy.Text?.Split('[', ']') is [_, var word, _] ? word : null;
        return new Check(
            Group, "transparent-huge-pages", memoryFile.Collapses ? CheckStatus.Ok : CheckStatus.Note,
            $"a memory file {(memoryFile.Collapses ? "was" : "could not be")} collapsed into one; the policy for such files is {chosen ?? policy.Text ?? $"unknown: {policy.Why}"}",
            "Where none are reserved, populated memory is collapsed into huge pages on request (Linux 6.1), and a stream into it runs as fast as into reserved ones.",
            memoryFile.Collapses ? null : policy.Text is null ? KernelVersion.NewKernel : $"echo advise > /{ShmemEnabled}");
    }

    private Check Locked()
    {
        var limit = ProcessLimits.Read(ProcessLimits.LockedMemory, files.Full("proc/self/limits"));
        return new Check(
            Group, "locked-memory", limit is null or long.MaxValue ? CheckStatus.Ok : CheckStatus.Note,
            limit switch { null => "the kernel does not tell", long.MaxValue => "unlimited", { } bytes => $"at most {ForPeople.Size(bytes)}" },
            "DataPlane locks no memory. A VMM that hands devices through (VFIO) or locks guest memory needs as much as the guest has.",
            limit is null or long.MaxValue ? null : "ulimit -l unlimited");
    }
}
