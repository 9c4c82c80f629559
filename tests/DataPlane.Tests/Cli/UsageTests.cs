using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("demo --memory 4X", "--memory", "4GiB")]
    [InlineData("demo --memory 5000B", "--memory", "whole pages")]
    [InlineData("demo --memory 0", "--memory", "4GiB")]
    [InlineData("demo --memory", "--memory", "4GiB")]
    [InlineData("demo --memory 1G --memory 2G", "--memory", "once")]
    [InlineData("demo --vcpus 0", "--vcpus", "from 1 to 64")]
    [InlineData("demo --dirty 10Gb/s", "--dirty", "10Gbit/s")]
    [InlineData("demo --pattern random", "--pattern", "hotcold")]
    [InlineData("demo --fill 7", "--fill", "mixed")]
    [InlineData("demo --dirty fast", "--dirty", "or max")]
    [InlineData("demo --pattern replay", "--pattern", "hotcold")]
    [InlineData("demo --write all", "--write", "same")]
    [InlineData("demo --content text", "--content", "compressible")]
    [InlineData("demo --drift fast", "--drift", "RATE")]
    [InlineData("demo --guest synthetic --dirty max --drift 1MiB/s", "--drift", "needs a dirty rate")]
    [InlineData("demo --phases hotcold", "--phases", "PATTERN:TIME")]
    [InlineData("demo --phases hotcold:5s,", "--phases", "PATTERN:TIME")]
    [InlineData("demo --phases cold:5s", "--phases", "or idle")]
    [InlineData("demo --phases idle:5s@1MiB/s", "--phases", "PATTERN:TIME")]
    [InlineData("demo --phases uniform:5s@1Mb/s", "--phases", "PATTERN:TIME")]
    [InlineData("demo --phases uniform:0", "--phases", "at least 1ms")]
    [InlineData("demo --guest synthetic --replay /nonexistent", "--replay", "that 'record' wrote")]
    [InlineData("demo --guest synthetic --replay /etc/passwd", "--replay", "byte 0")]
    [InlineData("record", "--out", "FILE")]
    [InlineData("record --out /nonexistent/a --guest synthetic --memory 16MiB", "--out", "can be written")]
    [InlineData("record --out a --interval 0", "--interval", "1ms")]
    [InlineData("record --out a --duration 48h", "--duration", "24h")]
    [InlineData("record --out a --pid none", "--pid", "process")]
    [InlineData("record --out a --pid 2147483647", "--pid", "there is none of that number")]
    [InlineData("record --out a --mapping 1000", "--mapping", "--pid")]
    [InlineData("demo --dirty-source magic", "--dirty-source", "auto, log, protect, ring, uffd, explicit")]
    [InlineData("demo --guest synthetic --dirty-source ring", "--dirty-source", "auto, uffd, explicit")]
    [InlineData("demo --guest qemu", "--guest", "synthetic")]
    [InlineData("demo --seed -1", "--seed", "whole number")]
    [InlineData("demo --device-load-time 5", "--device-load-time", "300ms")]
    [InlineData("demo --populate=1", "1", "--help")]
    [InlineData("demo --run-for 5", "--run-for", "300ms")]
    [InlineData("demo extra", "extra", "--help")]
    [InlineData("demo --bogus", "--bogus", "--help")]
    [InlineData("demo --memry 1G", "--memry", "--memory")]
    [InlineData("send", "--to", "tcp:")]
    [InlineData("send --to 10.0.0.1:4444", "--to", "tcp:")]
    [InlineData("send --to tcp:10.0.0.1:99999", "--to", "tcp:")]
    [InlineData("send --to tcp:h:1 --channels 65", "--channels", "from 1 to 64")]
    [InlineData("send --to tcp:h:1 --verify all", "--verify", "digest or full")]
    [InlineData("send --to tcp:h:1 --avail-switchover-bandwidth 0", "--avail-switchover-bandwidth", "10Gbit/s")]
    [InlineData("send --to tcp:h:1 --avail-switchover-bandwidth 100Tbit/s", "--avail-switchover-bandwidth", "at most 8Tbit/s")]
    [InlineData("demo --arbiter /nonexistent", "--arbiter", "handover arbiter")]
    [InlineData("send --to tcp:h:1 --max-bandwidth 0", "--max-bandwidth", "64KiB/s")]
    [InlineData("send --to tcp:h:1 --max-bandwidth 63KiB/s", "--max-bandwidth", "64KiB/s")]
    [InlineData("send --to tcp:h:1 --max-bandwidth 1Gb/s", "--max-bandwidth", "unlimited")]
    [InlineData("send --to tcp:h:1 --bind", "--bind", "10.0.0.1")]
    [InlineData("send --to tcp:h:1 --bind eth0", "--bind", "10.0.0.1")]
    [InlineData("send --to tcp:h:1 --bind 10.0.0.1:0", "--bind", "without a port")]
    [InlineData("send --to tcp:h:1 --bind 10.1", "--bind", "10.0.0.1")]
    [InlineData("send --to tcp:h:1 --bind 10.0.0.1 --bind [::1]", "--bind '[::1]'", "fd00::1")]
    [InlineData("send --to unix:/tmp/a.sock --bind 10.0.0.1", "--bind", "UNIX socket")]
    [InlineData("send --to tcp:h:1 --downtime-limit 0", "--downtime-limit", "300ms")]
    [InlineData("send --to tcp:h:1 --switchover-limit 1", "--switchover-limit", "or off")]
    [InlineData("send --to tcp:h:1 --switchover-limit 3000s", "--switchover-limit", "at most 2000s")]
    [InlineData("demo --retries -1", "--retries", "0 to 1000")]
    [InlineData("receive --listen tcp:127.0.0.1:0 --retain 0", "--retain", "at most 24h")]
    [InlineData("demo --pause-before-switchover maybe", "maybe", "--help")]
    [InlineData("send --to tcp:h:1 --timeout 1000h", "--timeout", "720h")]
    [InlineData("send --to tcp:h:1 --on-timeout retry", "--on-timeout", "cancel or force")]
    [InlineData("send --to tcp:h:1 --handover-timeout 2h", "--handover-timeout", "1h")]
    [InlineData("send --to tcp:h:1 --congestion a_name_that_is_too_long", "--congestion", "15")]
    [InlineData("send --to tcp:h:1 --progress loud", "--progress", "plain")]
    [InlineData("send --to tcp:h:1 --listen tcp:h:1", "--listen", "--help")]
    [InlineData("doctor --json", "--json", "FILE")]
    [InlineData("doctor --json http://host/x", "--json 'http://host/x'", "FILE")]
    [InlineData("doctor --json /", "--json '/'", "it is a directory")]
    [InlineData("demo --replay /", "--replay '/'", "it is a directory")]
    [InlineData("doctor --fix", "--fix", "--help")]
    [InlineData("doctor --json /proc/none/result.json", "--json", "FILE")]
    [InlineData("receive", "--listen", "tcp:")]
    [InlineData("receive --listen here", "--listen", "tcp:")]
    [InlineData("receive --listen unix:/tmp/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "--listen", "107 bytes")]
    [InlineData("receive --listen tcp:127.0.0.1:0 --bind 127.0.0.1", "--bind", "--help")]
    [InlineData("receive --listen tcp:127.0.0.1:0 --downtime-limit 1s", "--downtime-limit", "--help")]
    [InlineData("", "command", "demo, send, receive")]
    [InlineData("migrate", "migrate", "demo, send, receive")]
    public Task Wrong_option_gets_one_line_with_its_name_and_the_accepted_form(string line, string name, string form) =>
        AssertRefusedAsync(line, name, form);

    [Theory]
    [InlineData("demo --compress-threads 65", "--compress-threads", "0 to 64")]
    [InlineData("demo --compression gzip", "--compression", "none, lz4, zstd or auto")]
    [InlineData("demo --integrity all", "--integrity", "headers or pages")]
    [InlineData("demo --journal", "--journal", "a DIR")]
    [InlineData("receive --listen tcp:h:1 --handover-timeout 2h", "--handover-timeout", "1h")]
    public Task Option_with_a_wrong_value_is_refused_with_what_is_accepted(string line, string name, string form) =>
        AssertRefusedAsync(line, name, form);

    [Theory]
    [InlineData("ask")]
    [InlineData("postcopy")]
    public Task What_nobody_can_be_asked_is_no_policy_of_the_program(string policy) =>
        AssertRefusedAsync($"demo --on-stall {policy}", "--on-stall", "wait, minimum, throttle, force or cancel");

    [Theory]
    [InlineData("migrate")]
    [InlineData("")]
    [InlineData("--help")]
    public async Task Command_that_the_program_starts_itself_is_offered_to_nobody(string line)
    {
        var run = await ProgramRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("stress", run.Out + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("stress-peer", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public Task Result_file_that_cannot_be_written_is_refused_before_anything_is_done() =>
        AssertRefusedAsync("demo --json /proc/none/result.json", "--json", "FILE");

    [Theory]
    [InlineData("demo --help")]
    [InlineData("send --help")]
    [InlineData("receive --help")]
    public async Task Help_shows_what_works_and_not_what_is_to_come(string line)
    {
        var run = await ProgramRun.OfAsync(line.Split(' '));
        Assert.Equal(0, run.Code);
        Assert.Contains("--memory", run.Out, StringComparison.Ordinal);
        Assert.Contains("--journal", run.Out, StringComparison.Ordinal);
        Assert.Contains("--report", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("--attached", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Version_is_a_number_on_standard_output()
    {
        var run = await ProgramRun.OfAsync("--version");
        Assert.Equal(0, run.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Out);
        Assert.Empty(run.Error);
    }

    private static async Task AssertRefusedAsync(string line, string name, string form)
    {
        var run = await ProgramRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Out);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("dataplane", run.Error, StringComparison.Ordinal);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
        Assert.Contains(form, run.Error, StringComparison.Ordinal);
    }
}
