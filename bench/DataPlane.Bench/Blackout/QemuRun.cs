using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DataPlane.Bench.Blackout;

/// <summary>
/// The same guest under QEMU: as much memory, one vCPU, as idle or as busy, over loopback, with a return path and no cap. Its device state is what
/// its machine has.
/// </summary>
internal static class QemuRun
{
    /// <summary>What QEMU calls the downtime, and from its event that the source stopped to its event that the destination runs.</summary>
    public const string Counted = "downtime as QEMU counts it", Between = "from STOP to RESUME";

    /// <summary>Why there is nothing to compare with here; null where there is.</summary>
    public static string? Missing => QemuProcess.IsInstalled ? null : "qemu-system-x86_64 is not installed (apt-get install qemu-system-x86)";

    public static async Task<BlackoutSample> RunAsync(int dirtyMebibytes, string memory)
    {
        var folder = Directory.CreateTempSubdirectory("dataplane-qemu-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "guest"), QemuImage.Make(dirtyMebibytes));
            var size = memory.Replace("iB", "", StringComparison.Ordinal);
            using var source = await QemuProcess.StartAsync(folder, "source", size);
            await source.WaitForGuestAsync();
            var port = FreePort();
            using var destination = await QemuProcess.StartAsync(folder, "destination", size, "-incoming", $"tcp:127.0.0.1:{port}");
            return await MigrateAsync(source, destination, port);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<BlackoutSample> MigrateAsync(QemuProcess source, QemuProcess destination, int port)
    {
        const string ReturnPath = """{"capabilities": [{"capability": "return-path", "state": true}]}""";
        _ = await source.CallAsync("migrate-set-capabilities", ReturnPath);
        _ = await destination.CallAsync("migrate-set-capabilities", ReturnPath);
        _ = await source.CallAsync("migrate-set-parameters", """{"max-bandwidth": 1099511627776}""");
        _ = await source.CallAsync("migrate", $$"""{"uri": "tcp:127.0.0.1:{{port}}"}""");
        double downtime;
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var now = await source.CallAsync("query-migrate");
            var status = now.GetProperty("status").GetString();
            if (status == "failed" || watch.Elapsed > TimeSpan.FromSeconds(60)) throw new InvalidOperationException($"QEMU's migration ended as {now}");
            if (status != "completed") continue;
            downtime = now.GetProperty("downtime").GetDouble();
            break;
        }
        for (var watch = Stopwatch.StartNew(); destination.Turned is null && watch.Elapsed < TimeSpan.FromSeconds(5); await Task.Delay(5))
            _ = await destination.CallAsync("query-status");
        var between = (destination.Turned - source.Turned) * 1e3 ?? throw new InvalidOperationException("QEMU's guest was not seen to run at the destination.");
        return new BlackoutSample(downtime, new Dictionary<string, double> { [Between] = between });
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
