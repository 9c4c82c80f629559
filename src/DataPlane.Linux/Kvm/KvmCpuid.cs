namespace DataPlane.Linux.Kvm;

/// <summary>The measures of <c>struct kvm_cpuid2</c>.</summary>
internal static class KvmCpuid
{
    public const int HeaderBytes = 8;
    public const int EntryBytes = 40;

    /// <summary>The kernel's own limit for one vCPU (KVM_MAX_CPUID_ENTRIES).</summary>
    public const int MaxEntries = 256;
}
