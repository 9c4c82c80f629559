using System.Diagnostics;
using DataPlane.Bench.Qemu;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Blackout;

/// <summary>
/// The same guest under QEMU: as much memory, one vCPU, as idle or as busy, over loopback, with a return path and no cap. Its device state is what
/// its machine has.
/// </summary>
internal static class QemuRun
{
    /// <summary>What QEMU calls the downtime, and from its event that the source stopped to its event that the destination runs.</summary>
    public const string Counted = "downtime as QEMU counts it", Between = "from STOP to RESUME";

    public static async Task<BlackoutSample> RunAsync(int dirtyMebibytes, string memory)
    {
        string[] size = ["-m", memory.Replace("iB", "", StringComparison.Ordinal)];
        using var pair = await QemuPair.StartAsync(Network.Own, QemuImage.Make(dirtyMebibytes), size, size);
        await pair.EnableAsync("return-path");
        _ = await pair.Source.CallAsync("migrate-set-parameters", """{"max-bandwidth": 1099511627776}""");
        await pair.BeginAsync();
        var downtime = (await pair.Source.WaitForMigrationAsync()).GetProperty("downtime").GetDouble();
        var between = (await pair.Destination.ResumedAsync() - pair.Source.Turned) * 1e3;
        return new BlackoutSample(downtime, new Dictionary<string, double> { [Between] = between!.Value });
    }
}
