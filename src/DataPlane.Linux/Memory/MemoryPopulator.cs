using DataPlane.Core.Memory;

namespace DataPlane.Linux.Memory;

/// <summary>
/// Makes memory present and its page tables ready before a stream or a guest needs it: a first touch costs a fault for each
/// page, about the time of sending it. Contents are never changed, so it may run on memory that a guest is using.
/// </summary>
public static unsafe class MemoryPopulator
{
    /// <summary>Populates for writing, with several threads.</summary>
    /// <param name="address">First byte, page-aligned, of memory that is mapped readable and writable and stays so during the call.</param>
    /// <param name="length">Bytes, a multiple of 4096.</param>
    /// <param name="threads">How many threads work, the calling one included; at least 1. More than the cores that are free gain nothing.</param>
    /// <param name="progress">Called with the bytes done so far, from any of the threads but never from two at once, ascending.</param>
    /// <param name="cancel">Looked at every 16 MiB. What is populated by then stays so.</param>
    /// <exception cref="LinuxException">The system has too little memory or the range can't be populated; the sentence says which.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was cancelled.</exception>
    public static void Populate(
        nint address, long length, int threads, Action<long>? progress = null, CancellationToken cancel = default) =>
        new PopulateRun(address, length, collapse: false, progress, cancel).Run(threads);

    /// <summary>
    /// As <see cref="Populate"/>, into transparent huge pages wherever the kernel can be moved to. <paramref name="hugeBytes"/> of them lie in
    /// huge pages, also when it ends early.
    /// </summary>
    internal static void PopulateHuge(
        nint address, long length, int threads, Action<long>? progress, CancellationToken cancel, out long hugeBytes)
    {
        var run = new PopulateRun(address, length, collapse: true, progress, cancel);
        hugeBytes = 0;
        try
        {
            run.Run(threads);
        }
        finally
        {
            hugeBytes = run.HugeBytes;
        }
    }

    /// <summary>
    /// Populates one piece by writing to each page what it holds: an atomic addition of nothing, so that a write of the guest beside it
    /// is not undone. For kernels before 5.14; where memory is short there, the kernel ends the process instead of giving an error.
    /// </summary>
    internal static void Touch(byte* address, long length)
    {
        for (long offset = 0; offset < length; offset += PageGeometry.PageSize)
            Interlocked.Add(ref *(int*)(address + offset), 0);
    }

    /// <summary>Populates one piece by the kernel's own call, or by touching it where the kernel has no such call.</summary>
    internal static void PopulatePiece(byte* address, long length)
    {
        while (MemoryNative.Madvise(address, (nuint)length, MemoryNative.MadvPopulateWrite) != 0)
        {
            var fault = LinuxException.Last("MADV_POPULATE_WRITE");
            if (fault.Errno == MemoryNative.Interrupted) continue;
            if (fault.Errno == MemoryNative.Invalid && !KernelPopulates.Value)
            {
                Touch(address, length);
                return;
            }
            throw Explain(fault.Errno, (nint)address, length);
        }
    }

    // EINVAL has two meanings: a kernel without the call, and a mapping that can't be populated (device memory, read-only). Touching the latter
    // would end the process, so the kernel is asked about memory for which only the first can be meant.
    private static readonly Lazy<bool> KernelPopulates = new(() =>
    {
        var page = MemoryNative.Mmap(
            0, PageGeometry.PageSize, MemoryNative.ProtReadWrite, MemoryNative.MapPrivate | MemoryNative.MapAnonymous, -1, 0);
        if (page == -1) return true;
        var works = MemoryNative.Madvise((void*)page, PageGeometry.PageSize, MemoryNative.MadvPopulateWrite) == 0;
        _ = MemoryNative.Munmap(page, PageGeometry.PageSize);
        return works;
    });

    private static LinuxException Explain(int errno, nint address, long length)
    {
        var range = $"{length} bytes at 0x{address:x}";
        return new LinuxException("MADV_POPULATE_WRITE", errno, errno switch
        {
            MemoryNative.NoMemory => $"Too little memory to populate {range}, or part of it is not mapped; free memory, or populate less.",
            MemoryNative.BadAddress => $"The file behind {range} got no more pages (a full tmpfs, too few huge pages, or a file that is too short).",
            MemoryNative.Invalid => $"The mapping of {range} can't be populated for writing: it is read-only or device memory.",
            _ => $"Populating {range} failed.",
        });
    }
}
