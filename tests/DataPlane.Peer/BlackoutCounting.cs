using System.Runtime;
using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Options;

namespace DataPlane.Peer;

/// <summary>
/// A migration from this process to itself, the first, with a look at what its blackout compiles and allocates. This program compiles a method
/// once and for good, and its host has been through each of its steps: what is counted is the data plane's.
/// </summary>
internal static class BlackoutCounting
{
    private const long MemoryBytes = 16 << 20;
    private const int StateBytes = 64 << 10;

    // The runtime tells of what it has compiled every 0.1 s.
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(1);

    public static async Task<BlackoutCount> RunAsync()
    {
        using var compiled = new CompiledMethods();
        var (from, to) = (Memory(), Memory());
        using var marks = new ExplicitDirtySource(from);
        using var listener = MigrationListener.Bind(PeerGuest.Parse("tcp:127.0.0.1:0"));
        var before = Look();
        var after = Look();
        Action stops = () => before = Look(), runs = () => after = Look();
        await CountedHost.PlayAsync(new CountedHost(StateBytes, stops, runs));
        var coming = new MigrationDestination(to, new CountedHost(StateBytes, null, runs), new MigrationDestinationOptions()).RunAsync(listener, CancellationToken.None);
        var result = await new MigrationSource(from, marks, new CountedHost(StateBytes, stops, null), new MigrationOptions { Channels = 2 })
            .RunAsync(listener.Address, CancellationToken.None);
        _ = await coming;
        var methods = after.Methods - before.Methods;
        if (methods > 0) await Task.Delay(Told);
        return new BlackoutCount(result.Status.ToString(), methods, methods > 0 ? compiled.Between(before.Time, after.Time) : [], after.Bytes - before.Bytes);
    }

    private static (DateTime Time, long Methods, long Bytes) Look() =>
        (DateTime.UtcNow, JitInfo.GetCompiledMethodCount(), GC.GetTotalAllocatedBytes(precise: true));

    // For as long as the process lives, which is not long.
    private static unsafe GuestMemory Memory() =>
        new([new RamBlockInfo("ram", (nint)NativeMemory.AlignedAlloc((nuint)MemoryBytes, PageGeometry.PageSize), MemoryBytes, 0)]);
}
