using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DataPlane.Cli.Doctor;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Doctor;

/// <summary><c>doctor --listen</c> and <c>doctor --peer</c> as two people start them, and peers that are no such thing.</summary>
[Collection("programs")]
public sealed class PeerCommandTests
{
    [Fact]
    public async Task TwoDoctors_DescribeBothHostsAndThePath()
    {
        await using var there = ProgramProcess.Start("doctor --listen tcp:127.0.0.1:0 --once");
        var address = await there.AddressAsync();
        var run = await ProgramRun.OfAsync("doctor", "--peer", address.ToString(), "--json", "-");
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(0, (await there.EndAsync()).Code);
        using var document = JsonDocument.Parse(run.Out);
        var peer = document.RootElement.GetProperty("peer");
        Assert.Equal(JsonValueKind.Null, peer.GetProperty("error").ValueKind);
        Assert.Equal(Environment.SystemPageSize, peer.GetProperty("host").GetProperty("page-bytes").GetInt32());
        Assert.Equal("lo", peer.GetProperty("host").GetProperty("interface").GetString());
        Assert.Equal(document.RootElement.GetProperty("checks").GetArrayLength(), peer.GetProperty("host").GetProperty("checks").GetArrayLength());
        var path = peer.GetProperty("path");
        Assert.Equal(address.Port, path.GetProperty("port").GetInt32());
        Assert.True(path.GetProperty("round-trip-us").GetDouble() is > 0 and var trip && trip <= path.GetProperty("median-round-trip-us").GetDouble());
        // One clock, read within half a round trip; a machine that stops for a moment in between makes it more.
        Assert.InRange(path.GetProperty("clock-offset-us").GetDouble(), -1e6, 1e6);
        Assert.Equal(path.GetProperty("probed-mtu").GetInt32(), path.GetProperty("mtu").GetInt32());
        var between = peer.GetProperty("between").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("status").GetString());
        foreach (var name in (string[])["path-mtu", "full-packets", "version", "architecture", "page-size", "cpu-features"]) Assert.Equal("ok", between[name]);
        Assert.Equal(DataPlane.Guests.Guest.KvmWorks(out _) ? "ok" : "note", between["kvm-on-both"]);
    }

    [Fact]
    public async Task Text_HasTheOtherHostAndAVerdictOverBoth()
    {
        await using var there = ProgramProcess.Start("doctor --listen tcp:127.0.0.1:0");
        var run = await ProgramRun.OfAsync("doctor", "--peer", (await there.AddressAsync()).ToString());
        Assert.True(run.Code == 0, run.Error);
        var lines = run.Out.TrimEnd('\n').Split('\n');
        Assert.Contains($"between this host and {Environment.MachineName}", lines);
        Assert.Contains(lines, line => line.StartsWith("  ok       round-trip", StringComparison.Ordinal) || line.StartsWith("  note     round-trip", StringComparison.Ordinal));
        Assert.StartsWith($"A migration can work from here to {Environment.MachineName}: ", lines[^1], StringComparison.Ordinal);
        await there.InterruptAsync();
        var (code, _, errors) = await there.EndAsync();
        Assert.Equal(130, code);
        Assert.Contains("examined by 127.0.0.1:", errors, StringComparison.Ordinal);
    }

    /// <summary>Bridges drop what is too large for the next stretch, and say nothing: the interfaces at both ends take 9000 bytes, the stretch between 1500.</summary>
    [SkippableFact]
    public async Task BlackHoleForJumboFrames_IsFound_AndItsSize()
    {
        using var networks = NetworkPair.CreateOrSkip();
        networks.DigBlackHole(1500);
        await using var there = ProgramProcess.Start($"doctor --listen tcp:{NetworkPair.DestinationAddress}:0", networks.Destination);
        await using var here = ProgramProcess.Start($"doctor --peer {await there.AddressAsync()} --json -", networks.Source);
        var (code, output, errors) = await here.EndAsync();
        Assert.True(code == 9, errors);
        using var document = JsonDocument.Parse(output);
        Assert.False(document.RootElement.GetProperty("can-migrate").GetBoolean());
        var path = document.RootElement.GetProperty("peer").GetProperty("path");
        Assert.Equal((9000, 1500), (path.GetProperty("probed-mtu").GetInt32(), path.GetProperty("mtu").GetInt32()));
        Assert.Equal((true, false), (path.GetProperty("larger-vanish").GetBoolean(), path.GetProperty("bulk-passes").GetBoolean()));
    }

    [Fact]
    public async Task NobodyThere_CannotConnect_AndTheDocumentSaysSo()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Nobody else gets the port, and nobody listens on it.
        var run = await ProgramRun.OfAsync("doctor", "--peer", $"127.0.0.1:{((IPEndPoint)bound.LocalEndPoint!).Port}", "--json", "-");
        Assert.Equal(3, run.Code);
        Assert.Equal("connect", Step(run));
        Assert.Contains("dataplane doctor --listen", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", 5, "no doctor")]
    [InlineData("", 5, "no doctor")]
    [InlineData("dataplane-doctor 2 version\n", 1, "speaks version 2")]
    [InlineData("dataplane-doctor 1 version\n", 1, "does not speak version 1")]
    [InlineData("dataplane-doctor 1 busy\n", 1, "busy with another host")]
    [InlineData("dataplane-doctor 1 ok\nreport 99999999\n", 5, "up to 1048576 are taken", "examine")]
    [InlineData("dataplane-doctor 1 ok\nreport 4\nnull", 5, "describes no host", "examine")]
    [InlineData("dataplane-doctor 1 ok\nreport 2\n{}", 5, "answer that is none: \"name\", \"version\", ", "examine")]
    [InlineData("dataplane-doctor 1 ok\n", 1, "went away", "examine")]
    public async Task PeerThatIsNone_IsToldApart(string answer, int code, string words, string step = "greet")
    {
        using var listener = PeerServer.Listen(IPAddress.Loopback, 0);
        var answering = AnswerAsync(listener, answer);
        var run = await ProgramRun.OfAsync("doctor", "--peer", $"tcp:127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}", "--json", "-");
        await answering;
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Equal((code, step), (run.Code, Step(run)));
    }

    [Fact]
    public async Task Server_ServesOneAtATime_RefusesWhatItDoesNotKnow_AndGoesOn()
    {
        using var listener = PeerServer.Listen(IPAddress.Loopback, 0);
        using var stop = new CancellationTokenSource();
        using var server = new PeerServer(listener, () => [], _ => { });
        var serving = server.RunAsync(once: false, stop.Token);
        using var first = Call(listener, "dataplane-doctor 1\n");
        Assert.Equal("dataplane-doctor 1 ok\n", Hear(first, 22));
        using (var second = Call(listener, "dataplane-doctor 1\n")) Assert.Equal("dataplane-doctor 1 busy\n", Hear(second, 24));
        using (var later = Call(listener, "dataplane-doctor 2\n")) Assert.Equal("dataplane-doctor 1 version\n", Hear(later, 27));
        using (var stray = Call(listener, "GET / HTTP/1.1\r\n\r\n")) Assert.Equal("", Hear(stray, 1));
        _ = first.Send("echo 3\nabc"u8);
        Assert.Matches(@"^echo \d{18} 3\nabc$", Hear(first, 29));
        _ = first.Send("path\n"u8);
        var path = "";
        while (!path.EndsWith('\n')) path += Hear(first, 1);
        using (var beside = Call(listener, $"dataplane-doctor 1 {path.Trim().Split(' ')[2]}\necho 1\nx"))
        {
            Assert.Matches(@"^dataplane-doctor 1 ok\necho \d{18} 1\nx$", Hear(beside, 22 + 27));
            _ = beside.Send("report\n"u8); // Only the first is told that.
            Assert.Equal("", Hear(beside, 1));
        }
        using (var stray = Call(listener, "dataplane-doctor 1 1234\n")) Assert.Equal("", Hear(stray, 1));
        _ = first.Send("echo 65537\n"u8); // One more than is taken.
        Assert.Equal("", Hear(first, 1));
        await stop.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("--peer", "unix:/tmp/x")]
    [InlineData("--peer", "a b")]
    [InlineData("--listen", "tcp:localhost:5298")]
    [InlineData("--once")]
    [InlineData("--listen", "tcp:127.0.0.1:0", "--peer", "other")]
    [InlineData("--listen", "tcp:127.0.0.1:0", "--json", "-")]
    public async Task OptionsThatDoNotGoTogether_AreUsage(params string[] options)
    {
        var run = await ProgramRun.OfAsync(["doctor", .. options]);
        Assert.Equal(2, run.Code);
        Assert.Contains("expected", run.Error, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(Socket listener, string answer)
    {
        using var socket = await listener.AcceptAsync();
        _ = await socket.ReceiveAsync(new byte[64]);
        _ = await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
        if (!answer.EndsWith(" ok\n", StringComparison.Ordinal)) return;
        // One that goes away when it is asked: by a reset.
        _ = await socket.ReceiveAsync(new byte[64]);
        socket.Close(0);
    }

    private static Socket Call(Socket listener, string words)
    {
        var socket = SocketPair.Create(listener.LocalEndPoint!);
        socket.ReceiveTimeout = 60_000;
        socket.Connect(listener.LocalEndPoint!);
        _ = socket.Send(Encoding.ASCII.GetBytes(words));
        return socket;
    }

    private static string Hear(Socket socket, int most)
    {
        var bytes = new byte[most];
        var filled = 0;
        try
        {
            for (int read; filled < most && (read = socket.Receive(bytes.AsSpan(filled))) > 0;) filled += read;
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // As good an end as the other.
        }
        return Encoding.ASCII.GetString(bytes, 0, filled);
    }

    private static string? Step(ProgramRun run)
    {
        using var document = JsonDocument.Parse(run.Out);
        Assert.False(document.RootElement.GetProperty("can-migrate").GetBoolean());
        return document.RootElement.GetProperty("peer").GetProperty("error").GetProperty("step").GetString();
    }
}
