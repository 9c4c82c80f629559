using DataPlane.Bench.Tools;
using DataPlane.Tools.Shaping;

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
            var address = await ToolRun.LineAfterAsync(destination, destination.StandardError, Listening);
            if (!MigrationAddress.TryParse(address, out var listening, out var fault)) throw new InvalidOperationException(fault);
            await using var link = await ShapedLink.OpenAsync(
                new LinkShape { Delay = TimeSpan.FromMilliseconds(of.RoundTripMilliseconds / 2.0) }, ShapingChoice.Relay, default);
            var json = await ToolRun.OutputAsync(
                BuiltProgram.Path,
                [
                    "send", "--to", link.Reach(listening!).ToString(), "--json", "-", "--dirty", $"{of.DirtyMebibytes}MiB/s", "--fill", "zero",
                    "--verify", "digest", .. guest,
                ]);
            await destination.WaitForExitAsync();
            return BlackoutSample.Read(json);
        }
        finally
        {
            ToolRun.End(destination);
        }
    }
}
