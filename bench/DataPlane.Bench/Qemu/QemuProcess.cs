using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using DataPlane.Bench.Tools;
using DataPlane.Guests;

namespace DataPlane.Bench.Qemu;

/// <summary>A QEMU and its monitor. Keeps when the guest was stopped or resumed last, by its own events.</summary>
internal sealed class QemuProcess : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private QemuProcess(Process process, Socket monitor)
    {
        _process = process;
        var stream = new NetworkStream(monitor, ownsSocket: true);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true };
    }

    /// <summary>Why there is no QEMU here; null where there is.</summary>
    public static string? Missing => ToolRun.IsInstalled(Program) ? null : $"{Program} is not installed (apt-get install qemu-system-x86)";

    /// <summary>Seconds since 1970 at which its guest was stopped or resumed last; null before.</summary>
    public double? Turned { get; private set; }

    /// <summary>CPU-seconds it has used.</summary>
    public double CpuSeconds => ProcessCpu.Seconds(_process);

    private static string Program => "qemu-system-x86_64";

    // A CPU that says of itself which of its faults it lacks asks for a register that some hosts' KVM does not have.
    private static string[] Machine => Guest.KvmWorks(out _) ? ["-accel", "kvm", "-cpu", "host,-arch-capabilities"] : ["-accel", "tcg"];

    /// <summary>One with a vCPU, its monitor's socket in <paramref name="folder"/>.</summary>
    public static async Task<QemuProcess> StartAsync(Network network, string folder, string name, params string[] more)
    {
        var monitor = Path.Combine(folder, name);
        var process = network.Start(
            Program,
            [.. Machine, "-smp", "1", "-nodefaults", "-no-user-config", "-display", "none", "-qmp", $"unix:{monitor},server=on,wait=off", .. more]);
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(monitor));
                var qemu = new QemuProcess(process, socket);
                _ = await qemu._reader.ReadLineAsync();
                _ = await qemu.CallAsync("qmp_capabilities");
                return qemu;
            }
            catch (SocketException) when (!process.HasExited && watch.Elapsed < TimeSpan.FromSeconds(10))
            {
                socket.Dispose();
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw new InvalidOperationException($"QEMU did not start: {(process.HasExited ? await process.StandardError.ReadToEndAsync() : "its monitor does not answer")}");
            }
        }
    }

    /// <summary>A command, with its arguments as JSON; what it returned.</summary>
    public async Task<JsonElement> CallAsync(string command, string arguments = "{}")
    {
        await _writer.WriteLineAsync($$"""{"execute": "{{command}}", "arguments": {{arguments}}}""");
        while (await _reader.ReadLineAsync() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var answer = document.RootElement.Clone();
            if (answer.TryGetProperty("return", out var value)) return value;
            if (answer.TryGetProperty("error", out var error)) throw new InvalidOperationException($"QEMU refuses {command}: {error}");
            if (answer.TryGetProperty("event", out var name) && name.GetString() is "STOP" or "RESUME") Turned = TimeOf(answer);
        }
        throw new InvalidOperationException($"QEMU ended at {command}: {await _process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Waits until the guest has left the firmware.</summary>
    public async Task WaitForGuestAsync()
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(100))
        {
            var registers = (await CallAsync("human-monitor-command", """{"command-line": "info registers"}""")).GetString()!;
            // EIP= and 8 digits, or RIP= and 16.
            var at = registers.IndexOf("IP=", StringComparison.Ordinal) + 3;
            var end = registers.IndexOf(' ', at);
            if (ulong.Parse(registers.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is >= QemuImage.Entry and < QemuImage.Entry + QemuImage.MaxBytes) return;
        }
        throw new InvalidOperationException("QEMU's guest is still in the firmware after a minute.");
    }

    /// <summary>Waits until its migration is done; how it went.</summary>
    public async Task<JsonElement> WaitForMigrationAsync()
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var now = await CallAsync("query-migrate");
            var status = now.GetProperty("status").GetString();
            // It says so a moment before its total is there (7.2).
            if (status == "completed" && now.GetProperty("total-time").GetInt64() > now.GetProperty("setup-time").GetInt64()) return now;
            if (status == "failed" || watch.Elapsed > _longest) throw new InvalidOperationException($"QEMU's migration ended as {now}");
        }
    }

    /// <summary>Waits until the guest that it takes runs; seconds since 1970 at which it began to.</summary>
    public async Task<double> ResumedAsync()
    {
        for (var watch = Stopwatch.StartNew(); Turned is null && watch.Elapsed < TimeSpan.FromSeconds(5); await Task.Delay(5))
            _ = await CallAsync("query-status");
        return Turned ?? throw new InvalidOperationException("QEMU's guest was not seen to run at the destination.");
    }

    public void Dispose()
    {
        ToolRun.End(_process);
        _reader.Dispose();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static double TimeOf(JsonElement answer)
    {
        var time = answer.GetProperty("timestamp");
        return time.GetProperty("seconds").GetInt64() + (time.GetProperty("microseconds").GetInt64() / 1e6);
    }
}
