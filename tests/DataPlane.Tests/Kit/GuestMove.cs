using System.Buffers;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Host;

namespace DataPlane.Tests.Kit;

/// <summary>Moves a stopped guest into another of the same layout within this process, without a wire.</summary>
internal static class GuestMove
{
    public static async Task Run(IGuest from, IGuest to)
    {
        CopyMemory(from.Memory, to.Memory);
        foreach (var section in from.Sections)
            await to.LoadAsync(section, await Save(from, section), new NoMarks(), CancellationToken.None);
    }

    public static async Task<ReadOnlyMemory<byte>> Save(IGuest guest, DeviceSection section)
    {
        var state = new ArrayBufferWriter<byte>();
        await guest.SaveAsync(section, state, CancellationToken.None);
        return state.WrittenMemory;
    }

    private static unsafe void CopyMemory(GuestMemory from, GuestMemory to)
    {
        foreach (var block in from.Blocks)
        {
            var target = to.Blocks[block.Index].Info;
            Buffer.MemoryCopy((void*)block.Info.HostAddress, (void*)target.HostAddress, target.Length, block.Info.Length);
        }
    }

    private sealed class NoMarks : IMemoryMarks
    {
        public void Written(RamBlock block, long offset, long length) =>
            throw new InvalidOperationException("These guests write nothing to memory when they load.");
    }
}
