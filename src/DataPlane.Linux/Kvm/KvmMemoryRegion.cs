namespace DataPlane.Linux.Kvm;

/// <summary>One memory slot as <c>KVM_SET_USER_MEMORY_REGION</c> takes it; same layout.</summary>
internal readonly record struct KvmMemoryRegion(int Slot, int Flags, ulong GuestAddress, ulong Bytes, ulong HostAddress)
{
    /// <summary>The flag that makes KVM log the slot's written pages.</summary>
    public const int LogDirtyPages = 1;
}
