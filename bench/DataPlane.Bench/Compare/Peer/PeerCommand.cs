using System.Globalization;
using System.Text.Json.Nodes;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Bench.Compare.Peer;

/// <summary>
/// An embedder of the product as small as can be: a process with a given memory file for its guest's RAM, which no command of the program takes as
/// it finds it. Its standard output is for <see cref="OurRun"/>.
/// </summary>
internal static class PeerCommand
{
    public const string Name = "compare-peer", Listening = "listening on ";

    public static async Task<int> RunAsync(string[] args)
    {
        var options = PeerOptions.Read(args[1..]);
        using var file = AllocatedMemory.OpenFile(options.File, options.Bytes);
        // As the program does while it fills memory: a VMM is up before its guest moves, and so is QEMU here.
        if (args[0] != "read") await MigrationProcess.PrepareAsync();
        switch (args[0])
        {
            case "send":
                return await SendAsync(file, options);
            case "receive":
                return await ReceiveAsync(file, options);
            default:
                file.Populate(Environment.ProcessorCount);
                Console.WriteLine(ReadBandwidth.BytesPerSecond(file).ToString(CultureInfo.InvariantCulture));
                return 0;
        }
    }

    private static async Task<int> SendAsync(AllocatedMemory file, PeerOptions options)
    {
        file.Populate(Environment.ProcessorCount);
        var memory = new GuestMemory([file.Block("ram", 0)]);
        using var dirty = new ExplicitDirtySource(memory);
        var host = new IdleHost(memory, dirty, options.FinalBytes);
        await host.RehearseAsync();
        using var source = new MigrationSource(memory, dirty, host, options.Migration);
        if (!MigrationAddress.TryParse(options.Address, out var to, out var fault)) throw new ArgumentException(fault);
        var (collections, before) = (0, 0);
        source.StatusChanged += (_, change) =>
        {
            if (change.To == MigrationStatus.Active) before = GC.CollectionCount(0);
            if (change.To == MigrationStatus.Device) collections = GC.CollectionCount(0) - before;
        };
        var result = options.PacingRate == 0
            ? await source.RunAsync(to!, CancellationToken.None)
            : await source.RunAsync(PacedSockets.Connect(to!, options.Migration.Channels!.Value, options.PacingRate), CancellationToken.None);
        var document = JsonNode.Parse(result.ToJson())!;
        document[OurResult.Collections] = collections;
        Console.WriteLine(document.ToJsonString());
        return 0;
    }

    private static async Task<int> ReceiveAsync(AllocatedMemory file, PeerOptions options)
    {
        if (options.Memory != DestinationMemory.Unmapped) file.Populate(Environment.ProcessorCount);
        var memory = new GuestMemory([file.Block("ram", 0)]);
        using var dirty = new ExplicitDirtySource(memory);
        using var destination = new MigrationDestination(
            memory, new IdleHost(memory, dirty, 0), new MigrationDestinationOptions { Memory = options.Memory, Populate = options.Populate });
        if (!MigrationAddress.TryParse(options.Address, out var at, out var fault)) throw new ArgumentException(fault);
        using var listener = MigrationListener.Bind(at!);
        Console.WriteLine(Listening + listener.Address);
        var result = await destination.RunAsync(listener, CancellationToken.None);
        return result.Error is null ? 0 : 1;
    }
}
