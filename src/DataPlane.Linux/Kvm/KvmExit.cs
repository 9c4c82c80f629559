namespace DataPlane.Linux.Kvm;

/// <summary>Why a vCPU left guest code: the kernel's numbers, and our own for an interrupted call.</summary>
internal enum KvmExit
{
    Interrupted = -1,
    Unknown = 0,
    Io = 2,
    Halt = 5,
    Mmio = 6,
    Shutdown = 8,
    FailEntry = 9,
    InternalError = 17,
    DirtyRingFull = 31,
}
