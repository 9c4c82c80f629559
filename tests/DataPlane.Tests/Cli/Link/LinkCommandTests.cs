using System.Text.Json;
using System.Text.RegularExpressions;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Link;

/// <summary><c>link server</c> and <c>link client</c> as a person starts them, in two terminals.</summary>
[Collection("listeners")]
public sealed class LinkCommandTests
{
    private const string Short = "-t 300ms -i 100ms --memory 32MiB --final-set 1MiB";
    private const string Endless = "-t 1h -i 100ms --memory 32MiB";

    [Fact]
    public async Task Text_HasRowsAsIperf3Has_AndAVerdict()
    {
        await using var server = ProgramProcess.Start("link server --listen tcp:127.0.0.1:0 --once");
        await using var client = ProgramProcess.Start($"link client {await server.AddressAsync()} -P 2 --declared 1Mbit/s {Short}");
        var (code, output, errors) = await client.EndAsync();
        Assert.True(code == 0, errors);
        Assert.Equal(0, (await server.EndAsync()).Code);
        Assert.Contains("[ ID] Interval           Transfer     Bitrate         Retr", output, StringComparison.Ordinal);
        foreach (var id in new[] { "  0", "  1", "SUM" })
            // Three intervals and the whole.
            Assert.Equal(4, Regex.Count(output, $@"^\[{id}\] +\d+\.\d\d-\d+\.\d\d +sec  [\d. ]{{4}} [KMG]?Bytes +[\d. ]{{4}} [KMG]?bits/sec +\d+", RegexOptions.Multiline));
        Assert.Matches(@"verdict      declared 1Mbit/s: bulk [\d.]+ [MG]bits/sec yes, final set [\d.]+ [MG]bits/sec yes, use --avail-switchover-bandwidth [\d.]+[MG]bit/s", output);
        Assert.Contains("switchover ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_IsTheContractsDocument_AloneOnStandardOutput()
    {
        await using var server = ProgramProcess.Start("link server --listen tcp:127.0.0.1:0 --once");
        await using var client = ProgramProcess.Start($"link client {await server.AddressAsync()} --sweep 1,2 --declared 25Gbit/s --json - {Short}");
        var (code, output, errors) = await client.EndAsync();
        Assert.True(code == 0, errors);
        using var document = JsonDocument.Parse(output);
        var result = document.RootElement;
        Assert.Equal(("dataplane.link/1", "completed"), (result.GetProperty("schema").GetString(), result.GetProperty("status").GetString()));
        Assert.Equal(JsonValueKind.Null, result.GetProperty("error").ValueKind);
        Assert.Equal(3, result.GetProperty("intervals").GetArrayLength());
        Assert.Equal(result.GetProperty("recommended-channels").GetInt32(), result.GetProperty("channels").GetArrayLength());
        var sum = result.GetProperty("sum");
        Assert.Equal(sum.GetProperty("bytes").GetInt64() * 8 / sum.GetProperty("seconds").GetDouble(), sum.GetProperty("bits-per-second").GetDouble(), 1.0);
        foreach (var name in new[] { "local-seconds", "remote-seconds", "seconds-per-gigabyte" }) Assert.True(result.GetProperty("cpu").GetProperty(name).GetDouble() > 0);
        Assert.Equal(25e9, result.GetProperty("declared-bits-per-second").GetDouble());
        Assert.True(result.GetProperty("retransmits").GetInt64() >= 0);
        Assert.Equal([1, 2], result.GetProperty("sweep").EnumerateArray().Select(row => row.GetProperty("channels").GetInt32()));
    }

    [Fact]
    public async Task NobodyListens_CannotConnect()
    {
        await using var server = ProgramProcess.Start("link server --listen tcp:127.0.0.1:0");
        var address = await server.AddressAsync();
        server.Kill();
        _ = await server.EndAsync();
        await using var client = ProgramProcess.Start($"link client {address} --json - {Short}");
        var (code, output, errors) = await client.EndAsync();
        Assert.Equal(3, code);
        Assert.Equal(("failed", "cannot-connect", "client", "connect"), Failure(output));
        Assert.Contains("Start 'dataplane link server' on that host", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerBusyAndServerKilled_AreSaidInJsonToo()
    {
        await using var server = ProgramProcess.Start("link server --listen tcp:127.0.0.1:0");
        var address = await server.AddressAsync();
        await using var first = ProgramProcess.Start($"link client {address} --json - {Endless}");
        await first.SaysAsync("bulk, ");
        await using var second = ProgramProcess.Start($"link client {address} --json - {Short}");
        var refused = await second.EndAsync();
        Assert.Equal(1, refused.Code);
        Assert.Equal(("failed", "refused", "server", "handshake"), Failure(refused.Out));
        Assert.Matches("dataplane link client: server, handshake: .* The server says: .*another client", refused.Error);
        await first.SaysAsync("bit/s"); // An interval is over.
        server.Kill();
        var broken = await first.EndAsync();
        Assert.Equal(1, broken.Code);
        Assert.Equal(("failed", "connection-lost", "client", "bulk"), Failure(broken.Out));
        using var document = JsonDocument.Parse(broken.Out);
        Assert.NotEqual(0, document.RootElement.GetProperty("intervals").GetArrayLength());
    }

    [Fact]
    public async Task Interrupt_GivesTheSummarySoFar()
    {
        await using var server = ProgramProcess.Start("link server --listen tcp:127.0.0.1:0");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "link.json");
        await using var client = ProgramProcess.Start($"link client {await server.AddressAsync()} --json {file} -t 1h -i 2s --memory 32MiB");
        await client.SaysAsync("bulk, ");
        await client.InterruptAsync();
        var (code, output, errors) = await client.EndAsync();
        Assert.Equal(130, code);
        Assert.Contains("whole bulk", output, StringComparison.Ordinal);
        Assert.Matches(@"bulk         [\d.]+ [MG]bits/sec to the server", output);
        Assert.Contains("called off", errors, StringComparison.Ordinal);
        Assert.Equal(("cancelled", "cancelled", "client", "measure"), Failure(await File.ReadAllTextAsync(file)));
        await server.InterruptAsync();
        Assert.Equal(130, (await server.EndAsync()).Code);
    }

    [SkippableFact]
    public async Task ShapedLink_IsTheRateThatIsMeasured_AndALargerDeclarationIsNotMet()
    {
        using var networks = NetworkPair.CreateOrSkip("400mbit");
        await using var server = ProgramProcess.Start($"link server --listen tcp:{NetworkPair.DestinationAddress}:0 --once", networks.Destination);
        await using var client = ProgramProcess.Start(
            $"link client {await server.AddressAsync()} -t 2 -P 2 --memory 32MiB --final-set 4MiB --declared 1Gbit/s --bind {NetworkPair.SourceAddress} --json -", networks.Source);
        var (code, output, errors) = await client.EndAsync();
        Assert.True(code == 0, errors);
        using var document = JsonDocument.Parse(output);
        Assert.InRange(document.RootElement.GetProperty("sum").GetProperty("bits-per-second").GetDouble() / 1e6, 250, 420);
        var verdict = document.RootElement.GetProperty("verdict");
        Assert.False(verdict.GetProperty("bulk-meets").GetBoolean());
        // What the shaper keeps for bursts, 512 KiB, is an eighth of the set.
        Assert.InRange(verdict.GetProperty("avail-switchover-bits-per-second").GetDouble() / 1e6, 150, 480);
        // Its queue is 20 ms long, and full.
        Assert.True(document.RootElement.GetProperty("round-trip").GetProperty("loaded-us").GetProperty("median").GetDouble() > 1000);
    }

    private static (string?, string?, string?, string?) Failure(string json)
    {
        using var document = JsonDocument.Parse(json);
        var error = document.RootElement.GetProperty("error");
        return (document.RootElement.GetProperty("status").GetString(), error.GetProperty("code").GetString(), error.GetProperty("side").GetString(), error.GetProperty("step").GetString());
    }
}
