using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Stress;

/// <summary>What <c>stress</c> says before it runs anything.</summary>
public sealed class StressUsageTests
{
    [Theory]
    [InlineData("--set fast", "--set", "channels, compression")]
    [InlineData("--print nothing", "--print", "channels, compression")]
    [InlineData("--repeat 0", "--repeat", "from 1 to 1000000")]
    [InlineData("--hours -1", "--hours", "8 or 0.5")]
    [InlineData("--duration 5", "--duration", "300ms")]
    [InlineData("--parallel 65", "--parallel", "1 to 64")]
    [InlineData("--expect good", "--expect", "completed, failed or safe")]
    [InlineData("--link-bandwidth 1Gb/s", "--link-bandwidth", "10Gbit/s")]
    [InlineData("--link-faults reset", "--link-faults", "reset, close, silence, stall or flip")]
    [InlineData("--guest synthetic --link-jitter 5ms", "--link-jitter is 5 ms", "up to the delay, 0 ms")]
    [InlineData("--guest synthetic --dirty-source ring", "--dirty-source", "auto, uffd, explicit")]
    [InlineData("--guest synthetic --memory-dir /tmp --parallel 2", "--memory-dir", "--parallel")]
    [InlineData("--guest synthetic --set channels --channels 2", "channels:", "leave --channels out")]
    [InlineData("--guest synthetic --scenario /nonexistent/file.json", "--scenario", "FILE")]
    [InlineData("--pause-before-switchover", "--pause-before-switchover", "--help")]
    [InlineData("--metrics tcp:127.0.0.1:0", "--metrics", "--help")]
    public async Task Wrong_option_gets_one_line_with_its_name_and_the_accepted_form(string line, string name, string form)
    {
        var run = await ProgramRun.OfAsync(["stress", .. line.Split(' ')]);
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Out);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("dataplane stress: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
        Assert.Contains(form, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistake_in_a_file_is_told_with_its_line_and_so_is_what_cannot_be_had_together()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("mine.json");
        await File.WriteAllTextAsync(file, "{ \"scenario\": \"mine\",\n  \"options\": { \"memory\": \"lots\" } }");
        var run = await ProgramRun.OfAsync("stress", "--guest", "synthetic", "--scenario", file);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Equal($"dataplane stress: {file}:2: \"memory\": 'lots': expected a SIZE such as 4GiB, 512MiB, 4G or 4096B, in whole pages of 4KiB\n", run.Error);

        await File.WriteAllTextAsync(file, "{ \"scenario\": \"mine\", \"comparisons\": [\n  { \"vary\": \"memory\", \"values\": [\"4KiB\", \"8KiB\"], \"options\": { \"vcpus\": 2 } } ] }");
        run = await ProgramRun.OfAsync("stress", "--guest", "synthetic", "--scenario", file);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.StartsWith($"dataplane stress: {file}:2: memory 4KiB: --memory: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sets_are_listed_and_printed_as_files_that_are_read_again()
    {
        var list = await ProgramRun.OfAsync("stress", "--list");
        Assert.Equal((0, ""), (list.Code, list.Error));
        Assert.Contains("channels 1, 2, 4, 8", list.Out, StringComparison.Ordinal);
        var print = await ProgramRun.OfAsync("stress", "--print", "faults");
        Assert.Equal((0, ""), (print.Code, print.Error));
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("faults.json"), print.Out);
        // Read as a whole before what stands beside it is refused.
        var read = await ProgramRun.OfAsync("stress", "--scenario", folder.At("faults.json"), "--link-faults", "none");
        Assert.Contains("is varied here", read.Error, StringComparison.Ordinal);
    }
}
