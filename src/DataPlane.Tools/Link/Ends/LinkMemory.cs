using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;

namespace DataPlane.Tools.Link;

/// <summary>The synthetic guest memory of one way: a memory file with every page present, as a running guest's.</summary>
internal sealed unsafe class LinkMemory : IDisposable
{
    private readonly AllocatedMemory _ram;

    private LinkMemory(long bytes)
    {
        _ram = AllocatedMemory.Create("dataplane-link", bytes);
        Guest = new GuestMemory([_ram.Block("ram", 0)]);
    }

    public GuestMemory Guest { get; }

    /// <summary>Full of noise, so that no scan for zeros, no cache of the peer's and no compressing network helps.</summary>
    public static LinkMemory Noise(long bytes) => Make(bytes, memory =>
    {
        var start = memory._ram.Address;
        _ = Parallel.For(0, (int)(bytes / PageGeometry.StripeSize), stripe =>
            Random.Shared.NextBytes(new Span<byte>((byte*)start + ((long)stripe * PageGeometry.StripeSize), PageGeometry.StripeSize)));
    });

    /// <summary>Empty, with its page tables set up.</summary>
    public static LinkMemory Populated(long bytes) => Make(bytes, memory => memory._ram.Populate(Environment.ProcessorCount));

    public void Dispose() => _ram.Dispose();

    private static LinkMemory Make(long bytes, Action<LinkMemory> fill)
    {
        var memory = new LinkMemory(bytes);
        try
        {
            fill(memory);
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }
}
