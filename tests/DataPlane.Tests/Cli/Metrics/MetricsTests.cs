using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Xunit;

namespace DataPlane.Tests.Cli.Metrics;

/// <summary>What a monitoring system reads of a migration under way, by HTTP as it does.</summary>
[Collection("listeners")]
public sealed partial class MetricsTests
{
    private const string Guest = "--guest synthetic --memory 64MiB";

    [Fact]
    public async Task Source_and_destination_tell_what_moves_while_it_moves()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --run-for 100ms {Guest} --metrics tcp:127.0.0.1:0");
        await using var send = ProgramProcess.Start(
            $"send --to {await receive.AddressAsync()} {Guest} --fill random --dirty 1MiB/s --max-bandwidth 16MiB/s --channels 2 --metrics tcp:[::1]:0 --progress plain");
        await send.SaysAsync("active ");
        using var client = new HttpClient();
        var (first, there) = (await ReadAsync(client, send), await ReadAsync(client, receive));
        Assert.Contains("# TYPE dataplane_migration_wire_io_bytes_total counter\n", first, StringComparison.Ordinal);
        Assert.Contains("# TYPE dataplane_migration_downtime_expected_seconds gauge\n", first, StringComparison.Ordinal);
        Assert.Equal(64L << 20, Value(first, "dataplane_migration_memory_total_bytes"));
        Assert.Contains("{direction=\"receive\",channel=\"1\"}", there, StringComparison.Ordinal);

        double before, now;
        do
        {
            before = Value(first, "dataplane_migration_wire_io_bytes_total{direction=\"transmit\",channel=\"0\"}");
            now = Value(await ReadAsync(client, send), "dataplane_migration_wire_io_bytes_total{direction=\"transmit\",channel=\"0\"}");
        }
        while (now == before);
        Assert.True(now > before && now < 64 << 20, $"{before}, then {now}.");
        await send.InterruptAsync();
        Assert.Equal(130, (await send.EndAsync()).Code);
    }

    [Fact]
    public async Task Others_and_strangers_are_answered_or_closed_and_keep_nobody_out()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 {Guest} --metrics tcp:127.0.0.1:0");
        var metrics = await AddressAsync(receive);
        using var silent = new TcpClient("127.0.0.1", metrics.Port);
        using (var rude = new TcpClient("127.0.0.1", metrics.Port)) await rude.GetStream().WriteAsync(new byte[20 << 10]);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(metrics, "/"))).StatusCode);
        using var nothing = new StringContent("");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync(metrics, nothing)).StatusCode);
        var found = await client.GetAsync(metrics);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", found.Content.Headers.ContentType!.ToString());
        Assert.Contains("# TYPE dataplane_migration_duration_seconds histogram\n", await found.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var second = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 {Guest} --metrics tcp:127.0.0.1:{metrics.Port}");
        await using (second)
        {
            var (code, _, errors) = await second.EndAsync();
            Assert.Equal(2, code);
            Assert.Contains("cannot listen there", errors, StringComparison.Ordinal);
        }
    }

    private static async Task<string> ReadAsync(HttpClient client, ProgramProcess program) => await client.GetStringAsync(await AddressAsync(program));

    private static async Task<Uri> AddressAsync(ProgramProcess program)
    {
        await program.SaysAsync("metrics at ");
        return new Uri(Address().Match(program.Errors).Groups[1].Value);
    }

    private static double Value(string text, string name) =>
        double.Parse(text.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"metrics at (\S+)\s")]
    private static partial Regex Address();
}
