using System.Runtime.InteropServices;

namespace DataPlane.Linux.Kvm;

/// <summary><c>struct kvm_regs</c> of x86-64.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KvmRegisters
{
    public ulong Rax, Rbx, Rcx, Rdx, Rsi, Rdi, Rsp, Rbp;
    public ulong R8, R9, R10, R11, R12, R13, R14, R15;
    public ulong Rip, Rflags;
}
