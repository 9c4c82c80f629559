using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Userfault;
using static DataPlane.Linux.Userfault.UserfaultNative;

namespace DataPlane.Linux.Host;

/// <summary>What userfaultfd can do for this process, asked of the kernel itself.</summary>
/// <param name="Fault">Why there is no descriptor; null where there is.</param>
/// <param name="Errno">With it, the error's number.</param>
/// <param name="Features">The bits that the kernel says it can do.</param>
/// <param name="TrackingFault">Why a page's writes could not be tracked when it was tried; null where they could.</param>
internal sealed record UserfaultFacts(string? Fault, int Errno, ulong Features, string? TrackingFault)
{
    /// <summary>Whether the kernel resolves write faults by itself and remembers them (Linux 6.7).</summary>
    public bool TracksWrites => (Features & NeededToTrack) == NeededToTrack;

    /// <summary>Opens one, asks it, and tracks a page for a moment. Leaves nothing behind.</summary>
    public static unsafe UserfaultFacts Probe()
    {
        var fd = UserfaultNative.Open();
        if (fd < 0)
        {
            var fault = LinuxException.Last("userfaultfd");
            return new UserfaultFacts(fault.Message, fault.Errno, 0, fault.Message);
        }
        var request = stackalloc ulong[3];
        (request[0], request[1], request[2]) = (ApiVersion, 0, 0); // Asks for nothing and is told of everything.
        var answered = Ioctl(fd, ApiRequest, request) == 0;
        _ = MemoryNative.Close(fd);
        return new UserfaultFacts(null, 0, answered ? request[1] : 0, Track());
    }

    private static string? Track()
    {
        try
        {
            using var memory = AllocatedMemory.Create("probe", PageGeometry.PageSize);
            return UserfaultDirtySource.Works(new GuestMemory([memory.Block("probe", 0, 0, memory.Length)]), out var missing) ? null : missing;
        }
        catch (LinuxException fault)
        {
            return fault.Message;
        }
    }
}
