using System.Runtime.InteropServices;
using DataPlane.Core.Memory;

namespace DataPlane.Tests.Kit;

/// <summary>Page-aligned native memory of a test, all zero at first, freed on dispose.</summary>
internal sealed unsafe class NativePages : IDisposable
{
    public NativePages(int count)
    {
        Bytes = count * PageGeometry.PageSize;
        Address = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, PageGeometry.PageSize);
        Span.Clear();
    }

    public byte* Address { get; private set; }

    public int Bytes { get; }

    public Span<byte> Span => new(Address, Bytes);

    public byte* Page(int index) => Address + (index * PageGeometry.PageSize);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Address);
        Address = null;
    }
}
