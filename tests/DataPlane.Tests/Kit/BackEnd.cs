using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Linux.Memory;

namespace DataPlane.Tests.Kit;

/// <summary>A device back end of a VMM without vCPUs: memory on both sides, and writes that it marks itself, or fails to.</summary>
internal sealed unsafe class BackEnd : IDisposable
{
    /// <summary>The page that is written.</summary>
    public const int Page = 700;

    private const long Bytes = 4 << 20;

    private readonly AllocatedMemory _from = AllocatedMemory.Create("source", Bytes);
    private readonly AllocatedMemory _to = AllocatedMemory.Create("destination", Bytes);

    public BackEnd()
    {
        From = new GuestMemory([_from.Block("ram", 0)]);
        To = new GuestMemory([_to.Block("ram", 0)]);
        new Span<byte>((void*)_from.Address, (int)Bytes).Fill(0x11);
        new Span<byte>((void*)_to.Address, (int)Bytes).Fill(0xDB);
        Marks = new ExplicitDirtySource(From);
    }

    public GuestMemory From { get; }

    public GuestMemory To { get; }

    public ExplicitDirtySource Marks { get; }

    /// <summary>One device, of one byte of state.</summary>
    public static IdleHost Host() => new(new DeviceSection("dev", 1, 1));

    public static void Write(GuestMemory memory) => ((byte*)memory.Blocks[0].Info.HostAddress)[(Page << PageGeometry.PageShift) + 100]++;

    public void Mark() => Marks.Mark(From.Blocks[0], (Page << PageGeometry.PageShift) + 100, 1);

    public void Dispose()
    {
        Marks.Dispose();
        _from.Dispose();
        _to.Dispose();
    }
}
