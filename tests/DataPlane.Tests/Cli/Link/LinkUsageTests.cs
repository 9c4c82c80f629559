using DataPlane.Cli.Link;
using DataPlane.Tools.Link;
using Xunit;

namespace DataPlane.Tests.Cli.Link;

public sealed class LinkUsageTests
{
    [Theory]
    [InlineData("link", "a command is missing", "server, client")]
    [InlineData("link serve", "serve", "server, client")]
    [InlineData("link client", "HOST is missing", "HOST:PORT")]
    [InlineData("link client h:0", "HOST 'h:0'", "HOST:PORT")]
    [InlineData("link client h:99999", "HOST 'h:99999'", "HOST:PORT")]
    [InlineData("link client tcp:h", "HOST 'tcp:h'", "tcp:HOST:PORT")]
    [InlineData("link client h extra", "extra", "--help")]
    [InlineData("link client h -P 0", "--channels", "from 1 to 64")]
    [InlineData("link client h -P 33 --bidir", "--channels", "1 to 32")]
    [InlineData("link client h -t 0", "--time", "from 100ms")]
    [InlineData("link client h -t 10x", "--time", "bare seconds")]
    [InlineData("link client h -i 1ms", "--interval", "from 50ms")]
    [InlineData("link client h --sweep 1,2,2", "--sweep", "1,2,4,8,16")]
    [InlineData("link client h --sweep 1,,2", "--sweep", "1,2,4,8,16")]
    [InlineData("link client h --sweep 1,2 -P 4", "--sweep and --channels", "one of them")]
    [InlineData("link client h -R --bidir", "--reverse and --bidir", "one of them")]
    [InlineData("link client h --declared 25Gb/s", "--declared", "10Gbit/s")]
    [InlineData("link client h --memory 3MiB", "--memory", "multiple of 2MiB")]
    [InlineData("link client h -P 64 --memory 64MiB", "--memory", "8 MiB for each channel")]
    [InlineData("link client h --final-set 1GiB", "--final-set", "at most the memory")]
    [InlineData("link client unix:/tmp/a --bind 10.0.0.1", "--bind", "UNIX socket")]
    [InlineData("link client h --json /proc/none/result.json", "--json", "FILE")]
    [InlineData("link server --listen here", "--listen", "tcp:")]
    [InlineData("link server --memory-limit 1MiB", "--memory-limit", "2MiB and more")]
    public async Task Wrong_option_gets_one_line_with_its_name_and_the_accepted_form(string line, string name, string form)
    {
        var run = await ProgramRun.OfAsync(line.Split(' '));
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Out);
        Assert.StartsWith("dataplane link", Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
        Assert.Contains(form, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Congestion_control_that_this_host_lacks_is_told_before_a_server_is_asked()
    {
        var run = await ProgramRun.OfAsync("link", "client", "127.0.0.1:1", "--congestion", "nosuch", "--progress", "none");
        var available = File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control").Trim().Replace(" ", ", ", StringComparison.Ordinal);
        Assert.Equal(
            (9, $"dataplane link client: client, handshake: This host has no congestion control 'nosuch'; net.ipv4.tcp_available_congestion_control has {available}.\n"), (run.Code, run.Error));
    }

    [Theory]
    [InlineData("10.0.0.2", "tcp:10.0.0.2:5299")]
    [InlineData("host-b", "tcp:host-b:5299")]
    [InlineData("host-b:7000", "tcp:host-b:7000")]
    [InlineData("fd00::2", "tcp:[fd00::2]:5299")]
    [InlineData("[fd00::2]", "tcp:[fd00::2]:5299")]
    [InlineData("[fd00::2]:7000", "tcp:[fd00::2]:7000")]
    [InlineData("tcp:[::1]:7000", "tcp:[::1]:7000")]
    [InlineData("unix:/run/link", "unix:/run/link")]
    public void Host_IsReadAsPeopleWriteIt(string text, string address)
    {
        Assert.True(LinkHost.TryRead(text, LinkOptions.DefaultPort, out var read));
        Assert.Equal(address, $"{read}");
    }

    [Fact]
    public async Task Port_that_is_taken_is_named()
    {
        using var taken = MigrationListener.Bind(MigrationAddress.TryParse("tcp:127.0.0.1:0", out var any, out _) ? any! : null!);
        var run = await ProgramRun.OfAsync("link", "server", "--listen", $"{taken.Address}");
        Assert.Equal(3, run.Code);
        Assert.Contains($"Cannot listen on {taken.Address}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1181116006L, "1.10 GBytes")]
    [InlineData(117440512L, " 112 MBytes")]
    [InlineData(0L, "0.00 Bytes")]
    public void Transfer_IsBinary(long bytes, string text) => Assert.Equal(text, LinkUnits.Transfer(bytes));

    [Theory]
    [InlineData(9.42e9, "9.42 Gbits/sec", "9.42Gbit/s")]
    [InlineData(940e6, " 940 Mbits/sec", "940Mbit/s")]
    [InlineData(25e9, "25.0 Gbits/sec", "25Gbit/s")]
    [InlineData(64e3, "64.0 Kbits/sec", "64kbit/s")]
    public void Rate_IsDecimal(double rate, string text, string option) => Assert.Equal((text, option), (LinkUnits.Rate(rate), LinkUnits.Option(rate)));
}
