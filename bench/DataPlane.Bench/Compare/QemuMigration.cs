using System.Globalization;
using System.Text.Json;
using DataPlane.Bench.Qemu;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>One migration by QEMU of a guest whose RAM is the given memory, its bandwidth not capped.</summary>
internal sealed record QemuMigration(GuestFiles Memory, Network Network)
{
    /// <summary>Channels of multifd; null without it.</summary>
    public int? Channels { get; init; }

    /// <summary>Method of multifd's compression; null for none.</summary>
    public string? Compression { get; init; }

    /// <summary>Whether the destination's page tables are set up too, as those of the source always are: a guest has run there.</summary>
    public bool DestinationMapped { get; init; } = true;

    /// <summary>Milliseconds; null for QEMU's own default, 300.</summary>
    public int? DowntimeLimit { get; init; }

    /// <summary>A guest that is halted, and is seen to run on at the destination: the time counts until then. Else it stands throughout.</summary>
    public bool IsSeenToRun { get; init; }

    public async Task<CompareSample> RunAsync()
    {
        using var pair = await QemuPair.StartAsync(
            Network, IsSeenToRun ? QemuImage.Make(0) : null, MachineOf(Memory.SourcePath, true), MachineOf(Memory.DestinationPath, DestinationMapped));
        await SetUpAsync(pair);
        var (source, destination) = (pair.Source.CpuSeconds, pair.Destination.CpuSeconds);
        var began = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        await pair.BeginAsync();
        var info = await pair.Source.WaitForMigrationAsync();
        var seconds = IsSeenToRun ? await pair.Destination.ResumedAsync() - began : Seconds(info, "total-time") - Seconds(info, "setup-time");
        var gigabytes = Memory.Bytes / 1e9;
        return new CompareSample(Memory.Bytes / seconds)
        {
            SourceCpu = (pair.Source.CpuSeconds - source) / gigabytes,
            DestinationCpu = (pair.Destination.CpuSeconds - destination) / gigabytes,
            // Some versions count a page whole, whatever it was compressed to.
            WireShare = Compression is not null ? null : info.GetProperty("ram").GetProperty("transferred").GetDouble() / Memory.Bytes,
        };
    }

    /// <summary>Capabilities and parameters on both sides.</summary>
    public async Task SetUpAsync(QemuPair pair)
    {
        _ = await pair.Source.CallAsync("migrate-set-parameters", """{"max-bandwidth": 1099511627776}""");
        if (DowntimeLimit is { } limit)
            _ = await pair.Source.CallAsync("migrate-set-parameters", string.Create(CultureInfo.InvariantCulture, $$"""{"downtime-limit": {{limit}}}"""));
        if (Channels is not { } channels) return;
        await pair.EnableAsync("multifd");
        await pair.CallBothAsync("migrate-set-parameters", string.Create(CultureInfo.InvariantCulture, $$"""{"multifd-channels": {{channels}}}"""));
        if (Compression is not null) await pair.CallBothAsync("migrate-set-parameters", $$"""{"multifd-compression": "{{Compression}}"}""");
    }

    /// <summary>Arguments of a QEMU whose RAM is that file.</summary>
    public string[] MachineOf(string path, bool mapped)
    {
        var size = Memory.Bytes.ToString(CultureInfo.InvariantCulture);
        return
        [
            "-m", $"{Memory.Bytes >> 20}M", "-machine", "pc,memory-backend=ram", "-object",
            // On a border of 2 MiB, where huge pages can be mapped as such.
            $"memory-backend-file,id=ram,size={size},mem-path={path},share=on,align=2M,prealloc={(mapped ? "on" : "off")},prealloc-threads={Environment.ProcessorCount}",
        ];
    }

    private static double Seconds(JsonElement info, string name) => info.GetProperty(name).GetDouble() / 1e3;
}
