using System.Runtime.InteropServices;

namespace DataPlane.Linux.Kvm;

/// <summary><c>struct kvm_sregs</c> of x86-64, 312 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KvmSystemRegisters
{
    public KvmSegment Cs, Ds, Es, Fs, Gs, Ss, Tr, Ldt;
    public ulong GdtBase, GdtLimit, IdtBase, IdtLimit;
    public ulong Cr0, Cr2, Cr3, Cr4, Cr8;
    public ulong Efer, ApicBase;
    public fixed ulong PendingInterrupts[4];
}
