using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;

namespace DataPlane.Destination;

/// <summary>Collects what the host says it wrote while loading.</summary>
internal sealed class HostMarks(DirtyBitmap written) : IMemoryMarks
{
    public void Written(RamBlock block, long offset, long length)
    {
        if (length <= 0) return;
        var first = offset >> PageGeometry.PageShift;
        written.Set(block, first, ((offset + length - 1) >> PageGeometry.PageShift) - first + 1);
    }
}
