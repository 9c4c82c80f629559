using System.Text.RegularExpressions;
using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>The first command that anyone runs.</summary>
[Collection("machine")]
public sealed class DemoTests
{
    [SkippableTheory]
    [InlineData(GuestKind.Kvm, "kvm")]
    [InlineData(GuestKind.Synthetic, "synthetic")]
    public async Task Demo_MovesAGuest_AndProvesIt(GuestKind kind, string name)
    {
        NeedsKvm.OrSkip(kind);
        await using var demo = ProgramProcess.Start($"demo --guest {name} --memory 128MiB --vcpus 2 --run-for 300ms");
        var (code, output, errors) = await demo.EndAsync();
        Assert.True(code == 0, errors);
        Assert.StartsWith("completed: the guest moved to the destination", output, StringComparison.Ordinal);
        Assert.Contains("verify full: 32,768 pages compared, 0 differ", output, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(output, "invariant holds"));
        Assert.DoesNotMatch("wrote 0 pages", output);
        Assert.Contains("final-memory", output, StringComparison.Ordinal);
        Assert.DoesNotContain("dataplane demo:", errors, StringComparison.Ordinal);
    }
}
