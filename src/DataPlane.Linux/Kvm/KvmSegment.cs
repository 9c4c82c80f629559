using System.Runtime.InteropServices;

namespace DataPlane.Linux.Kvm;

/// <summary><c>struct kvm_segment</c> of x86-64.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KvmSegment
{
    public ulong Base;
    public uint Limit;
    public ushort Selector;
    public byte Type, Present, PrivilegeLevel, DefaultBig, CodeOrData, Long, Granularity, Available;
    public byte Unusable, Padding;
}
