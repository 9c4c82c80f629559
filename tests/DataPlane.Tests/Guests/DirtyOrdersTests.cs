using DataPlane.Core.Traces;
using DataPlane.Guests;
using Xunit;

namespace DataPlane.Tests.Guests;

public sealed class DirtyOrdersTests
{
    private const long Memory = 4L << 20;

    [Fact]
    public void EveryFault_IsNamedAtOnce()
    {
        var trace = new DirtyTrace(8L << 20, [], "");
        var orders = new DirtyOrders
        {
            Pattern = DirtyPattern.Replay,
            Write = (DirtyWrite)9,
            Content = (DirtyContent)9,
            BytesPerSecond = -1,
            WorkingSetBytes = 1,
            DriftBytesPerSecond = -1,
            Phases = [new((DirtyPattern)9, TimeSpan.Zero, -1)],
            Replay = trace,
        };
        Assert.Equal(12, orders.Validate(Memory).Count);
        Assert.Contains(orders.Validate(Memory), fault => fault.Contains($"{8 << 20} bytes", StringComparison.Ordinal) && fault.Contains($"{4 << 20}.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DirtyPattern.HotCold, true)]
    [InlineData(DirtyPattern.Uniform, false)]
    public void AHotSetWithoutARate_DoesNotDrift(DirtyPattern pattern, bool refused)
    {
        var orders = new DirtyOrders { BytesPerSecond = DirtyOrders.Unlimited, Pattern = pattern, DriftBytesPerSecond = 1 };
        Assert.Equal(refused ? 1 : 0, orders.Validate(Memory).Count);
    }

    [Fact]
    public void TheMeanRate_IsThatOfThePhasesOrTheTrace()
    {
        var phased = new DirtyOrders
        {
            BytesPerSecond = 300, Phases = [new(DirtyPattern.Uniform, TimeSpan.FromSeconds(1)), new(DirtyPattern.Uniform, TimeSpan.FromSeconds(2), 0)],
        };
        Assert.Equal(100, phased.MeanBytesPerSecond);
        Assert.Null((phased with { BytesPerSecond = DirtyOrders.Unlimited }).MeanBytesPerSecond);
        var trace = new DirtyTrace(Memory, [new DirtyTraceStep(TimeSpan.FromSeconds(2), [new PageRun(0, 10)])], "");
        Assert.Equal(5 * 4096, new DirtyOrders { Replay = trace }.MeanBytesPerSecond);
        Assert.True(phased.Writes);
        Assert.False((phased with { BytesPerSecond = 0 }).Writes);
    }
}
