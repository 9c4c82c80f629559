using DataPlane.Linux.Host;

namespace DataPlane.Cli.Doctor;

/// <summary>All checks of this host.</summary>
internal static class Examination
{
    public static IReadOnlyList<Check> Run()
    {
        var files = new HostFiles();
        return
        [
            .. new HostChecks(files).All(),
            .. new MemoryChecks(files, MemoryFileFacts.Probe()).All(),
            .. new DirtyPageChecks(files, KvmFacts.Probe(), UserfaultFacts.Probe()).All(),
            .. CompressionChecks.All(),
            .. new NetworkChecks(files).All(),
            .. new ShapingChecks(files, QueueRules.Read()).All(),
        ];
    }
}
