using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DataPlane.Core.Traces;
using Xunit;

namespace DataPlane.Tests.Cli.Predict;

public sealed class PredictCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dataplane-predict-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("predict --memory 3", "--memory", "4KiB")]
    [InlineData("predict --zero 101%", "--zero", "at most 100%\n")]
    [InlineData("predict --zero 60% --compressible 50%", "shares", "at most 1")]
    [InlineData("predict --round-trip 11s", "--round-trip", "at most 10s")]
    [InlineData("predict --link 0", "--link", "10Gbit/s")]
    [InlineData("predict --link /nowhere/link.json", "/nowhere/link.json", "link client")]
    [InlineData("predict --from /nowhere/result.json", "--from '/nowhere/result.json'", "result document")]
    [InlineData("predict --trace /nowhere/trace", "--trace '/nowhere/trace'", "dirty trace")]
    [InlineData("predict --compress-threads 2", "--compress-threads is 2, but", "name a compression")]
    [InlineData("predict --from ftp://host/x", "--from 'ftp://host/x'", "http://HOST:PORT/metrics, of no other scheme")]
    [InlineData("predict --link ftp://host/x", "--link 'ftp://host/x'", "or a FILE with")]
    [InlineData("predict --trace http://host/x", "--trace 'http://host/x'", "expected a FILE with a dirty trace")]
    [InlineData("predict --from /", "--from '/'", "it is a directory")]
    [InlineData("predict --link /", "--link '/'", "it is a directory")]
    [InlineData("predict --trace /", "--trace '/'", "it is a directory")]
    [InlineData("predict --cores 0", "--cores", "from 1")]
    [InlineData("predict --on-stall ask", "--on-stall", "wait, minimum, throttle, force or cancel")]
    [InlineData("predict extra", "extra", "--help")]
    public async Task Wrong_option_gets_one_line_with_its_name_and_the_accepted_form(string line, string name, string form)
    {
        var run = await ProgramRun.OfAsync(line.Split(' '));
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Out);
        Assert.StartsWith("dataplane predict: ", Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
        Assert.Contains(form, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dirty 10MiB/s", 0, "verdict  fits")]
    [InlineData("--dirty 400MiB/s --pattern uniform", 1, "verdict  does not fit")]
    public async Task Verdict_comes_first_and_is_the_exit_code(string guest, int code, string verdict)
    {
        var run = await ProgramRun.OfAsync($"predict --link 1Gbit/s --memory 512MiB --timeout 2m {guest}".Split(' '));
        Assert.Equal(code, run.Code);
        Assert.Empty(run.Error);
        Assert.StartsWith(verdict, run.Out, StringComparison.Ordinal);
        Assert.Equal(code == 1, run.Out.Contains("\nchange ", StringComparison.Ordinal));
        Assert.Contains("dirty pages", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prediction_claims_nothing_measured_and_counts_one_channel_as_one()
    {
        var run = await ProgramRun.OfAsync("predict --link 1Gbit/s --memory 64MiB --dirty 5MiB/s --channels 1".Split(' '));
        Assert.True(run.Code == 0, run.Error);
        Assert.DoesNotContain("measured", run.Out, StringComparison.Ordinal);
        Assert.Contains("at expected 117.5 MB/s", run.Out, StringComparison.Ordinal);
        Assert.Contains("\nstream   1 channel, ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_has_what_the_text_has()
    {
        var run = await ProgramRun.OfAsync("predict --link 1Gbit/s --memory 256MiB --dirty 5MiB/s --json -".Split(' '));
        using var document = JsonDocument.Parse(run.Out);
        var root = document.RootElement;
        Assert.Equal("dataplane.predict/1", root.GetProperty("schema").GetString());
        Assert.Equal("fits", root.GetProperty("verdict").GetString());
        Assert.True(root.GetProperty("downtime").GetProperty("high").GetDouble() >= root.GetProperty("downtime").GetProperty("expected").GetDouble());
        Assert.Equal("stop", root.GetProperty("forecast").GetProperty("parts")[0].GetProperty("name").GetString());
        Assert.Equal(65536, root.GetProperty("passes")[0].GetProperty("dirty-pages").GetInt64());
        Assert.Contains(root.GetProperty("inputs").EnumerateArray(), input => input.GetProperty("name").GetString() == "memory" && input.GetProperty("origin").GetString() == "given");
        Assert.Contains(root.GetProperty("inputs").EnumerateArray(), input => input.GetProperty("origin").GetString() == "guess");
    }

    [Fact]
    public async Task Trace_is_replayed_and_one_of_another_memory_refused_with_both_sizes()
    {
        var path = Trace(256L << 20);
        var run = await ProgramRun.OfAsync("predict", "--link", "1Gbit/s", "--trace", path);
        Assert.True(run.Code == 0, run.Error + run.Out);
        Assert.Contains("the trace", run.Out, StringComparison.Ordinal);
        var other = await ProgramRun.OfAsync("predict", "--trace", path, "--memory", "1GiB");
        Assert.Equal(2, other.Code);
        Assert.Contains("256MiB", other.Error, StringComparison.Ordinal);
        Assert.Contains("1GiB", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_trace_is_named_with_the_byte_and_what_is_wrong_there()
    {
        var path = Trace(256L << 20);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^40] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        var run = await ProgramRun.OfAsync("predict", "--trace", path);
        Assert.Equal(2, run.Code);
        Assert.Matches($"--trace '{path}': byte [0-9]+: ", run.Error);
    }

    [Fact]
    public async Task Earlier_migration_tells_the_guest_the_link_and_the_steps()
    {
        var path = Path.Combine(_folder, "result.json");
        await File.WriteAllTextAsync(path, EarlierMigration.Result.ToJson());
        var run = await ProgramRun.OfAsync("predict", "--from", path);
        Assert.True(run.Code == 0, run.Error + run.Out);
        foreach (var words in new[] { "512 MiB", "0.96 Gbit/s", "20 MiB/s", "25 %", "result.json" }) Assert.Contains(words, run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from", "{\"schema\": \"dataplane.predict/1\"}", "the result document of a migration's source, schema \"dataplane.migration/1\", or http://HOST:PORT/metrics of one under way; it is a prediction, and no run")]
    [InlineData("--from", "{\"schema\": \"dataplane.link/1\"}", "or http://HOST:PORT/metrics of one under way; link 1 in it is not whole")]
    [InlineData("--link", "{\"schema\": \"dataplane.predict/1\"}", "schema \"dataplane.link/1\"; its schema is \"dataplane.predict/1\"")]
    [InlineData("--link", "{\"schema\": 4}", "it says no \"schema\"")]
    [InlineData("--link", "{\"schema\": \"dataplane.link/1\"}", "link 1 in it is not whole: \"status\", \"server\", ")]
    [InlineData("--link", "{\n\"a\" 2}", "it is not JSON: line 2, byte 5: ")]
    [InlineData("--link", "", "it is empty")]
    public async Task Document_of_another_kind_is_told_what_the_option_takes(string option, string text, string words)
    {
        var path = Path.Combine(_folder, "in.json");
        await File.WriteAllTextAsync(path, text);
        var run = await ProgramRun.OfAsync("predict", option, path);
        Assert.Equal(2, run.Code);
        Assert.StartsWith($"dataplane predict: {option} '{path}': expected ", Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        foreach (var inside in new[] { "dictionary", "DataPlane.", "LineNumber" }) Assert.DoesNotContain(inside, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Devices for files: one takes all, one takes nothing.</summary>
    [Theory]
    [InlineData("/dev/null", 0, "")]
    [InlineData("/dev/full", 9, "dataplane predict: --json '/dev/full': the document could not be written (No space left on device")]
    public async Task Document_that_cannot_be_written_is_told_beside_the_prediction(string file, int code, string words)
    {
        var run = await ProgramRun.OfAsync("predict", "--memory", "64MiB", "--json", file);
        Assert.Equal(code, run.Code);
        Assert.StartsWith(words, run.Error, StringComparison.Ordinal);
        Assert.Contains("16,384", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_with_a_migration_tells_where_it_stands()
    {
        var run = await AskAsync("dataplane_migration_memory_total_bytes 1073741824\ndataplane_migration_memory_remaining_bytes 104857600\n"
            + "dataplane_migration_memory_dirty_rate_bytes_per_second 1048576\ndataplane_migration_throughput_bytes_per_second 125000000\n");
        Assert.True(run.Code == 0, run.Error + run.Out);
        foreach (var words in new[] { "25,600", "1 Gbit/s", "remaining", "/metrics" }) Assert.Contains(words, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_in_its_first_pass_does_not_count_as_a_guest_that_writes_nothing()
    {
        const string firstPass = "dataplane_migration_memory_total_bytes 1073741824\ndataplane_migration_memory_remaining_bytes 104857600\n";
        var early = await AskAsync(firstPass);
        Assert.Equal(2, early.Code);
        Assert.Contains("in its first pass", early.Error, StringComparison.Ordinal);
        var told = await AskAsync(firstPass, "--dirty", "1MiB/s");
        Assert.True(told.Code == 0, told.Error + told.Out);
    }

    [Fact]
    public async Task Endpoint_without_a_migration_is_told_from_one_that_does_not_answer()
    {
        var idle = await AskAsync("dataplane_migration_memory_total_bytes 0\n");
        Assert.Equal(2, idle.Code);
        Assert.Contains("no migration is under way", idle.Error, StringComparison.Ordinal);
        var silent = await ProgramRun.OfAsync("predict", "--from", "http://127.0.0.1:1/metrics");
        Assert.Equal(3, silent.Code);
    }

    [Theory]
    [InlineData("\u0001\u0007garbage\u001b[2J\r\n\r\n", "what answers does not speak HTTP")]
    [InlineData("HTTP/1.1 404 \u001b[2JNo\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "the answer is HTTP's status 404")]
    public async Task Endpoint_that_says_anything_else_is_not_repeated_to_the_terminal(string answer, string words)
    {
        var run = await AskForAsync(Encoding.Latin1.GetBytes(answer));
        Assert.Equal((3, $"dataplane predict: --from: nobody answered with metrics there: {words}\n"), (run.Code, run.Error));
    }

    /// <summary>Has the program ask an endpoint that says <paramref name="metrics"/>: the real one would tell of other tests' migrations too.</summary>
    private static Task<ProgramRun> AskAsync(string metrics, params string[] options) =>
        AskForAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {metrics.Length}\r\nConnection: close\r\n\r\n{metrics}"), options);

    private static async Task<ProgramRun> AskForAsync(byte[] answer, params string[] options)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var run = ProgramRun.OfAsync(["predict", "--from", $"http://{listener.LocalEndpoint}/metrics", .. options]);
        using var client = await listener.AcceptSocketAsync();
        var request = new byte[4096];
        _ = await client.ReceiveAsync(request);
        _ = await client.SendAsync(answer);
        client.Shutdown(SocketShutdown.Send);
        return await run;
    }

    private string Trace(long memory)
    {
        var path = Path.Combine(_folder, "trace");
        var output = new ArrayBufferWriter<byte>();
        var writer = new DirtyTraceWriter(output, memory, "made up");
        for (var step = 1; step <= 20; step++) writer.Add(new DirtyTraceStep(TimeSpan.FromMilliseconds(50 * step), [new PageRun(step * 10, 100)]));
        writer.End();
        File.WriteAllBytes(path, output.WrittenSpan.ToArray());
        return path;
    }
}
