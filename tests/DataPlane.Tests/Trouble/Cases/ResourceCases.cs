using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Linux.Memory;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>Memory that can not be had: files behind guest memory that get no more pages, as on a full tmpfs.</summary>
internal static class ResourceCases
{
    public static IEnumerable<TroubleCase> All()
    {
        var there = Ending.Failed(MigrationErrorCode.OutOfResources, MigrationSide.Destination);
        yield return Short("destination's memory", Moment.Accept, scene => scene.Destination.Memory, there.In("receive"));
        yield return Short("destination's memory, populated first", Moment.Hello, scene => scene.Destination.Memory, there.In("populate")) with
        {
            Arrange = scene => scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { Populate = true },
        };
    }

    private static TroubleCase Short(string where, Moment when, Func<TroubleScene, GuestMemory> memory, Ending ends) =>
        new("memory runs out", where, when, Bound.AtOnce, ends, Do(scene => Resize(memory(scene), 0)))
        {
            Holds = false,
            Only = GuestKind.Synthetic, // Its memory has no page that is zero: what is read there without a file behind it ends the process.
            AndThen = scene => Resize(memory(scene), memory(scene).ByteCount),
        };

    private static void Resize(GuestMemory memory, long bytes)
    {
        if (MemoryNative.Ftruncate(memory.Blocks[0].Info.Fd, bytes) != 0) throw new IOException("The memory file can not be resized.");
    }
}
