using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;

namespace DataPlane.Native.Memory;

/// <summary>Where <c>dp_mark_dirty</c> goes.</summary>
internal interface IMarkTarget
{
    GuestMemory Memory { get; }

    void Mark(RamBlock block, long offset, long length);
}

/// <summary>A source: the page is sent again.</summary>
internal sealed class SourceMarks(GuestMemory memory, ExplicitDirtySource marks) : IMarkTarget
{
    public GuestMemory Memory => memory;

    public void Mark(RamBlock block, long offset, long length) => marks.Mark(block, offset, length);
}

/// <summary>A destination that loads device state: the page is not the stream's any more.</summary>
internal sealed class LoadMarks(GuestMemory memory, IMemoryMarks marks) : IMarkTarget
{
    public GuestMemory Memory => memory;

    public void Mark(RamBlock block, long offset, long length) => marks.Written(block, offset, length);
}
