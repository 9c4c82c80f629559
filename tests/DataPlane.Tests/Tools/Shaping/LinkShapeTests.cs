using DataPlane.Tools.Shaping;
using Xunit;

namespace DataPlane.Tests.Tools.Shaping;

public sealed class LinkShapeTests
{
    [Fact]
    public void EveryFault_IsNamed()
    {
        var wrong = new LinkShape
        {
            BytesPerSecond = 1, Delay = TimeSpan.FromSeconds(11), Jitter = TimeSpan.FromSeconds(12),
            Faults = new FaultPlan { Faults = [new LinkFault { Kind = LinkFaultKind.Reset }, new LinkFault { Kind = LinkFaultKind.Stall, AtBytes = -1 }] },
        };
        string[] named = ["BytesPerSecond is 1;", "Delay is ", "Jitter is ", "Faults[0]: Exactly one of ", "Faults[1]: AtBytes is -1;", "Faults[1]: Duration is ; a stall takes one"];
        Assert.Equal(named.Length, wrong.Validate().Count);
        Assert.All(wrong.Validate().Zip(named), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ShapeThatCannotBe_IsRefusedBeforeAnythingIsMade()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => ShapedLink.OpenAsync(new LinkShape { Delay = TimeSpan.FromDays(1) }, ShapingChoice.Auto, default));
        Assert.Contains("Delay", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainLink_IsTheLoopbackItself()
    {
        await using var link = await ShapedLink.OpenAsync(new LinkShape(), ShapingChoice.Auto, default);
        Assert.Equal(ShapingMechanism.None, link.Mechanism);
        Assert.True(MigrationAddress.TryParse("tcp:0.0.0.0:4711", out var listening, out _));
        Assert.Equal("tcp:127.0.0.1:4711", link.Reach(listening!).ToString());
        Assert.Throws<ArgumentException>(() => link.Reach(link.Listen));
    }
}
