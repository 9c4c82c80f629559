using System.Net.Sockets;
using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Options;

namespace DataPlane.Rehearsing;

/// <summary>
/// Whole migrations of a few MiB from this process to itself, once per process, while the guest still runs. Whatever code does for the first
/// time it does slowly: it is compiled, or where that was done ahead each of its calls is bound, types are loaded, system functions looked up.
/// A first blackout spent 10 of 12.8 ms so (measured with code compiled ahead; compiling methods beforehand left most of it).
/// </summary>
internal static class DressRehearsal
{
    // The first pays for everything; the second goes the other ways: hosts answer late and to a limit, and SWITCHOVER, which travels on another
    // connection, comes before the state is there and not after it. After the third nothing was found that took longer than ever after.
    private const int Rounds = 3;
    private const int LittleState = 4096, MuchState = 4 << 20;
    private const int Channels = 2;
    private const long MemoryBytes = Channels * (long)PageGeometry.StripeSize;

    // All take 0.1 s where there is a core to be had. They must not keep a migration that has to go on; one that nobody waits for may take longer,
    // beside threads that fill memory.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // The runtime takes some 80, and a rehearsal a dozen: where so few may be open, they are for those who come.
    private const long LeastOpenFiles = 256;

    private static readonly bool FewDescriptors = ProcessLimits.Read(ProcessLimits.OpenFiles) < LeastOpenFiles;

    private static readonly Lazy<Task> Played = new(() => Task.Run(PlayAllAsync));

    /// <summary>As <see cref="PlayAsync"/>, for a migration, which waits no longer than 2 s; at once for one that is the rehearsal.</summary>
    public static Task ForAsync(IMigrationHost host) => host is RehearsalHost ? Task.CompletedTask : Task.WhenAny(PlayAsync(), Task.Delay(Patience));

    /// <summary>Begins it in the first call and completes when it is over; never fails. At once where there is no room for one.</summary>
    public static Task PlayAsync() => FewDescriptors ? Task.CompletedTask : Played.Value;

    private static async Task PlayAllAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            for (var round = 0; round < Rounds && !limit.IsCancellationRequested; round++)
                await MigrateAsync(late: round % 2 != 0, limit.Token);
        }
        catch (Exception)
        {
            // A host that cannot do this cannot migrate either, and says so when it is to.
        }
    }

    private static async Task MigrateAsync(bool late, CancellationToken cancel)
    {
        using var from = new Memory();
        using var to = new Memory();
        using var marks = new ExplicitDirtySource(from.Guest);
        var host = new RehearsalHost(from.Guest.Blocks[0], marks, late ? MuchState : LittleState, late);
        using var source = new MigrationSource(from.Guest, marks, host, new MigrationOptions { Channels = Channels, SwitchoverLimit = late ? Limit : null });
        using var destination = new MigrationDestination(to.Guest, host, new MigrationDestinationOptions());
        var (here, there) = Connect();
        // Both, whatever the one comes to: the memory is given back behind it.
        await Task.WhenAll(destination.RunAsync(there, cancel), source.RunAsync(here, cancel));
    }

    /// <summary>Connected sockets for both sides; the sessions take them over.</summary>
    private static (Socket[] Here, Socket[] There) Connect()
    {
        var here = new Socket[1 + Channels];
        var there = new Socket[1 + Channels];
        for (var i = 0; i < here.Length; i++) (here[i], there[i]) = UnixPair.Create();
        return (here, there);
    }

    /// <summary>Memory of one block, all zero but for the first pages.</summary>
    private sealed unsafe class Memory : IDisposable
    {
        private readonly void* _bytes = NativeMemory.AlignedAlloc((nuint)MemoryBytes, PageGeometry.PageSize);

        public Memory()
        {
            NativeMemory.Clear(_bytes, (nuint)MemoryBytes);
            for (var page = 0; page < RehearsalHost.WrittenPages; page++) ((byte*)_bytes)[page * PageGeometry.PageSize] = 1;
            Guest = new GuestMemory([new RamBlockInfo("rehearsal", (nint)_bytes, MemoryBytes, 0)]);
        }

        public GuestMemory Guest { get; }

        public void Dispose() => NativeMemory.AlignedFree(_bytes);
    }
}
