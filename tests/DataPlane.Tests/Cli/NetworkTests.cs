using System.Text.Json;
using DataPlane.Guests;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>Two hosts on one machine: a guest moves over a veth pair, at full speed and over a link of 1 Gbit/s.</summary>
[Collection("programs")]
public sealed class NetworkTests
{
    [SkippableFact]
    public async Task TwoNetworks_GuestMovesAcross()
    {
        using var networks = NetworkPair.CreateOrSkip();
        var result = await MoveAsync(networks, "");
        Assert.Equal("completed", result.GetProperty("status").GetString());
    }

    [SkippableFact]
    public async Task LinkOfOneGigabit_IsTheRateThatIsMeasured()
    {
        using var networks = NetworkPair.CreateOrSkip("1gbit");
        var result = await MoveAsync(networks, "--fill random --dirty 20MiB/s");
        var bytes = result.GetProperty("ram").GetProperty("transferred").GetInt64();
        var seconds = (result.GetProperty("total-time").GetDouble() - result.GetProperty("setup-time").GetDouble()) / 1e3;
        Assert.InRange(bytes * 8 / seconds / 1e9, 0.5, 1.05);
        var measured = result.GetProperty("bandwidth").GetProperty("link-limited-bytes-per-second").GetDouble();
        Assert.InRange(measured * 8 / 1e9, 0.5, 1.05);
    }

    private static async Task<JsonElement> MoveAsync(NetworkPair networks, string more)
    {
        var guest = $"--guest {(Guest.KvmWorks(out _) ? "kvm" : "synthetic")} --memory 128MiB";
        await using var receive = ProgramProcess.Start(
            $"receive --listen tcp:{NetworkPair.DestinationAddress}:0 --poison --run-for 200ms {guest}", networks.Destination);
        var line = $"send --to {await receive.AddressAsync()} {guest} --verify full --json - {more}".TrimEnd();
        await using var send = ProgramProcess.Start(line, networks.Source);
        var (code, output, errors) = await send.EndAsync();
        Assert.True(code == 0, errors);
        var there = await receive.EndAsync();
        Assert.True(there.Code == 0, there.Error);
        Assert.Contains("invariant holds", there.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
