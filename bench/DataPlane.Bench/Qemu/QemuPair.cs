using System.Net;
using System.Net.Sockets;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Qemu;

/// <summary>Two QEMUs, the second waiting for the first one's guest. Ended, and their files removed, on dispose.</summary>
internal sealed class QemuPair : IDisposable
{
    private readonly string _folder;

    private QemuPair(string folder, QemuProcess source, QemuProcess destination, string address)
    {
        _folder = folder;
        (Source, Destination, Address) = (source, destination, address);
    }

    public QemuProcess Source { get; }

    public QemuProcess Destination { get; }

    /// <summary>Where the destination will listen.</summary>
    public string Address { get; }

    /// <summary>Starts both.</summary>
    /// <param name="network">Where both run.</param>
    /// <param name="image">The guest, which then runs at the source; null for a guest that stands before its first instruction.</param>
    /// <param name="source">Arguments of the source: its memory.</param>
    /// <param name="destination">Arguments of the destination: its memory.</param>
    public static async Task<QemuPair> StartAsync(Network network, byte[]? image, string[] source, string[] destination)
    {
        var folder = Directory.CreateTempSubdirectory("dataplane-qemu-").FullName;
        QemuProcess? first = null;
        try
        {
            string[] guest = ["-S"];
            if (image is not null)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, "guest"), image);
                guest = ["-kernel", Path.Combine(folder, "guest")];
            }
            first = await QemuProcess.StartAsync(network, folder, "source", [.. guest, .. source]);
            if (image is not null) await first.WaitForGuestAsync();
            var second = await QemuProcess.StartAsync(network, folder, "destination", [.. guest, .. destination, "-incoming", "defer"]);
            return new QemuPair(folder, first, second, $"tcp:127.0.0.1:{FreePort()}");
        }
        catch
        {
            first?.Dispose();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A command to both.</summary>
    public async Task CallBothAsync(string command, string arguments)
    {
        _ = await Source.CallAsync(command, arguments);
        _ = await Destination.CallAsync(command, arguments);
    }

    /// <summary>Switches a capability on at both.</summary>
    public Task EnableAsync(string capability) =>
        CallBothAsync("migrate-set-capabilities", $$"""{"capabilities": [{"capability": "{{capability}}", "state": true}]}""");

    /// <summary>The destination listens, and the source begins.</summary>
    public async Task BeginAsync()
    {
        _ = await Destination.CallAsync("migrate-incoming", $$"""{"uri": "{{Address}}"}""");
        _ = await Source.CallAsync("migrate", $$"""{"uri": "{{Address}}"}""");
    }

    public void Dispose()
    {
        Source.Dispose();
        Destination.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
