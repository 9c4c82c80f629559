using System.Diagnostics;
using System.Globalization;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Blackout;

/// <summary>One migration of a KVM guest between two processes that are new to it, as a user has them.</summary>
internal static class BlackoutRun
{
    private const string Listening = "listening on ";

    public static async Task<BlackoutSample> RunAsync(BlackoutCase of, BlackoutOptions options)
    {
        string[] guest = ["--guest", "kvm", "--memory", options.Memory, "--device-state", options.DeviceState, "--vcpus", "1", "--progress", "none"];
        using var destination = ToolRun.Start(BuiltProgram.Path, ["receive", "--listen", "tcp:127.0.0.1:0", "--run-for", "1ms", .. guest]);
        try
        {
            var port = await PortAsync(destination);
            using var relay = of.RoundTripMilliseconds == 0 ? null : new DelayRelay(port, TimeSpan.FromMilliseconds(of.RoundTripMilliseconds / 2.0));
            var json = await ToolRun.OutputAsync(
                BuiltProgram.Path,
                [
                    "send", "--to", $"tcp:127.0.0.1:{relay?.Port ?? port}", "--json", "-", "--dirty", $"{of.DirtyMebibytes}MiB/s", "--fill", "zero",
                    "--verify", "digest", .. guest,
                ]);
            await destination.WaitForExitAsync();
            return BlackoutSample.Read(json);
        }
        finally
        {
            if (!destination.HasExited) destination.Kill(entireProcessTree: true);
        }
    }

    private static async Task<int> PortAsync(Process destination)
    {
        while (await destination.StandardError.ReadLineAsync() is { } line)
            if (line.Contains(Listening, StringComparison.Ordinal)) return int.Parse(line[(line.LastIndexOf(':') + 1)..].Trim(), CultureInfo.InvariantCulture);
        throw new InvalidOperationException("The destination ended before it listened.");
    }
}
