using System.Text.Json;
using DataPlane.Bench.Qemu;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>
/// The first pass beside a KVM guest that writes as fast as it can: as long as it lasts there is more to send than can be. Of later passes only what the guest
/// writes meanwhile is left, whoever sends it.
/// </summary>
internal static class DirtyingRun
{
    // Firmware leaves things in the last 32 MiB, and above 3 GiB a PC has its devices.
    private const long FirmwareBytes = 32 << 20, EndOfLowMemory = 3L << 30;

    /// <summary>By the program, whose guest is the one that writes; then the guest is stopped by force.</summary>
    public static async Task<CompareSample> OursAsync(GuestFiles memory, Network network)
    {
        var folder = Directory.CreateTempSubdirectory("dataplane-compare-").FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "source.ram"), memory.SourcePath);
        File.CreateSymbolicLink(Path.Combine(folder, "destination.ram"), memory.DestinationPath);
        string[] guest = ["--guest", "kvm", "--memory", $"{memory.Bytes >> 20}MiB", "--memory-dir", folder, "--progress", "none"];
        using var destination = network.Start(BuiltProgram.Path, ["receive", "--listen", "tcp:127.0.0.1:0", "--run-for", "1ms", .. guest]);
        try
        {
            var to = await ToolRun.LineAfterAsync(destination, destination.StandardError, "listening on ");
            var json = await network.OutputAsync(
                BuiltProgram.Path,
                [
                    "send", "--to", to, "--fill", "random", "--dirty", "400GB/s", "--pattern", "sequential", "--channels", "2", "--timeout", "5s", "--on-timeout", "force", "--json",
                    "-", .. guest,
                ]);
            using var document = JsonDocument.Parse(json);
            var (bytes, seconds) = OurResult.FirstPass(document.RootElement.GetProperty("passes"));
            return new CompareSample(bytes / seconds);
        }
        finally
        {
            ToolRun.End(destination);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>By QEMU, which is then ended.</summary>
    public static async Task<CompareSample> QemusAsync(GuestFiles memory, Network network, int? channels)
    {
        var migration = new QemuMigration(memory, network) { Channels = channels, DowntimeLimit = 1 };
        var end = (uint)(Math.Min(memory.Bytes, EndOfLowMemory) - FirmwareBytes);
        using var pair = await QemuPair.StartAsync(
            network, QemuImage.MakeUnpaced(end), migration.MachineOf(memory.SourcePath, true), migration.MachineOf(memory.DestinationPath, true));
        await migration.SetUpAsync(pair);
        await pair.BeginAsync();
        for (; ; await Task.Delay(5))
        {
            var info = await pair.Source.CallAsync("query-migrate");
            var status = info.GetProperty("status").GetString();
            if (status == "failed") throw new InvalidOperationException($"QEMU's migration ended as {info}");
            // Counted as the dirty log is read: once at the start, and again at the end of the first pass.
            if (!info.TryGetProperty("ram", out var ram) || (status != "completed" && ram.GetProperty("dirty-sync-count").GetInt32() < 2)) continue;
            var seconds = (info.GetProperty("total-time").GetDouble() - info.GetProperty("setup-time").GetDouble()) / 1e3;
            return new CompareSample(ram.GetProperty("transferred").GetDouble() / seconds);
        }
    }
}
