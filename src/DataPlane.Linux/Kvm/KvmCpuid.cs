using System.Buffers.Binary;

namespace DataPlane.Linux.Kvm;

/// <summary>The measures of <c>struct kvm_cpuid2</c>, and what of a host's table is not the guest's.</summary>
internal static class KvmCpuid
{
    public const int HeaderBytes = 8;
    public const int EntryBytes = 40;

    /// <summary>The kernel's own limit for one vCPU (KVM_MAX_CPUID_ENTRIES).</summary>
    public const int MaxEntries = 256;

    // In struct kvm_cpuid_entry2, the function first.
    private const int EaxOffset = 12, EbxOffset = 16, EdxOffset = 24;

    /// <summary>
    /// Takes out of a host's table the number of the core that the question happened to run on. A guest that were told it would be told something
    /// else on each host, and every vCPU would have to be given another table in the blackout, which takes KVM 0.3 ms.
    /// </summary>
    public static void ForgetCore(Span<byte> table)
    {
        for (var at = HeaderBytes; at + EntryBytes <= table.Length; at += EntryBytes)
        {
            var entry = table.Slice(at, EntryBytes);
            switch (BinaryPrimitives.ReadUInt32LittleEndian(entry))
            {
                case 0x1:
                    entry[EbxOffset + 3] = 0;
                    break;
                case 0xB or 0x1F:
                    entry.Slice(EdxOffset, sizeof(uint)).Clear();
                    break;
                case 0x8000_001E:
                    entry.Slice(EaxOffset, sizeof(uint)).Clear();
                    break;
            }
        }
    }
}
