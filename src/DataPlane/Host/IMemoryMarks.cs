using DataPlane.Core.Memory;

namespace DataPlane.Host;

/// <summary>Where a host reports guest memory that it wrote itself.</summary>
public interface IMemoryMarks
{
    /// <summary>Says that <paramref name="length"/> bytes at <paramref name="offset"/> of <paramref name="block"/> have been written.</summary>
    void Written(RamBlock block, long offset, long length);
}
