namespace DataPlane.Native.Structs;

/// <summary><c>dp_host</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpHost
{
    public uint StructSize;
    public uint SectionCount;
    public DpSection* Sections;
    public void* Opaque;
    public delegate* unmanaged<void*, DpStep*, int> Pause;
    public delegate* unmanaged<void*, DpStep*, int> Resume;
    public delegate* unmanaged<void*, DpStep*, uint, nint, int> Save;
    public delegate* unmanaged<void*, DpStep*, uint, void*, ulong, int> Load;
    public delegate* unmanaged<void*, DpStep*, int> Release;
    public delegate* unmanaged<void*, DpStep*, int> Acquire;
    public delegate* unmanaged<void*, DpStep*, int> Announce;
    public delegate* unmanaged<void*, DpStep*, int, int> Throttle;
    public delegate* unmanaged<void*, long, long, int> Deadline;
    public delegate* unmanaged<void*, DpStall*, int> Stalled;
    public delegate* unmanaged<void*, uint, void*, ulong, nint, int> Describe;
}
