using DataPlane.Tests.Cli;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>What the VMM's command line refuses, and in which words.</summary>
public sealed class VmmUsageTests(Vmm vmm) : IClassFixture<Vmm>
{
    [SkippableTheory]
    [InlineData("", "what is to be done? run, send or receive")]
    [InlineData("migrate", "'migrate' is none of: run send receive")]
    [InlineData("send", "send wants an ADDRESS such as tcp:127.0.0.1:4444")]
    [InlineData("receive", "receive wants an ADDRESS")]
    [InlineData("run tcp:127.0.0.1:4444", "'tcp:127.0.0.1:4444' is one word too many")]
    [InlineData("run --memory 1GB", "--memory: '1GB' is no SIZE such as 512MiB")]
    [InlineData("run --memory 2MiB", "from 4096KiB to 256GiB")]
    [InlineData("run --memory 4097K", "in whole pages of 4KiB")]
    [InlineData("run --memory -4MiB", "is no SIZE")]
    [InlineData("run --memory 0x10MiB", "is no SIZE")]
    [InlineData("run --vcpus 0", "--vcpus: '0' is no number from 1 to 64")]
    [InlineData("run --vcpus 2x", "--vcpus: '2x' is no number")]
    [InlineData("run --dirty fast", "--dirty: 'fast' is no RATE such as 200MiB/s")]
    [InlineData("run --pattern zipf", "--pattern: 'zipf' is none of: uniform sequential hotcold")]
    [InlineData("run --run-for soon", "--run-for: 'soon' is no TIME such as 300ms")]
    [InlineData("send x --verify everything", "--verify: 'everything' is none of: digest full")]
    [InlineData("send x --channels 65", "--channels: '65' is no number from 1 to 64")]
    [InlineData("run --speed 3", "unrecognized option '--speed'")]
    [InlineData("run --memory", "option '--memory' requires an argument")]
    public async Task Bad_line_is_refused(string line, string words)
    {
        await using var process = vmm.Start(line);
        var (code, output, errors) = await process.EndAsync();
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.Contains("see vmm --help", errors, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("send nowhere --memory 4MiB", 2, "nowhere")]
    [InlineData("receive nowhere --memory 4MiB", 2, "nowhere")]
    [InlineData("send tcp:127.0.0.1:1 --memory 4MiB", 3, "127.0.0.1:1")]
    [InlineData("receive unix:/proc/nowhere --memory 4MiB", 3, "/proc/nowhere")]
    public async Task Bad_address_is_named(string line, int exit, string words)
    {
        await using var process = vmm.Start(line);
        var (code, _, errors) = await process.EndAsync();
        Assert.Equal(exit, code);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Help_names_every_option()
    {
        await using var process = vmm.Start("--help");
        var (code, output, _) = await process.EndAsync();
        Assert.Equal(0, code);
        foreach (var option in new[] { "--memory", "--vcpus", "--dirty", "--working-set", "--channels", "--verify", "--json", "--poison", "--run-for" })
            Assert.Contains(option, output, StringComparison.Ordinal);
    }
}
