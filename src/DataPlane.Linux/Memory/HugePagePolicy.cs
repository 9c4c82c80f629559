namespace DataPlane.Linux.Memory;

/// <summary>What the system does by itself about transparent huge pages of memory files.</summary>
internal static class HugePagePolicy
{
    private const string ShmemEnabled = "/sys/kernel/mm/transparent_hugepage/shmem_enabled";

    /// <summary>
    /// Whether a memory file gets huge pages only when it is collapsed on purpose. <c>advise</c> counts: nothing here gives that advice.
    /// A kernel built without transparent huge pages has no such file, and no such pages.
    /// </summary>
    public static bool OnlyWhenCollapsed { get; } = !File.Exists(ShmemEnabled) || IsOnRequest(File.ReadAllText(ShmemEnabled));

    internal static bool IsOnRequest(string policy) =>
        policy.Contains("[never]", StringComparison.Ordinal) || policy.Contains("[deny]", StringComparison.Ordinal)
        || policy.Contains("[advise]", StringComparison.Ordinal);
}
