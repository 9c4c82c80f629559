using DataPlane.Cli.Options;
using DataPlane.Tools.Shaping;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class FaultTextTests
{
    [Theory]
    [InlineData("reset data at 512MiB", LinkFaultKind.Reset, LinkFaultTarget.Data, 512L << 20, null, null, null, null)]
    [InlineData("stall all at 2s for 300ms", LinkFaultKind.Stall, LinkFaultTarget.All, null, 2000, null, null, 300)]
    [InlineData("close at 5m", LinkFaultKind.Close, LinkFaultTarget.Any, null, 300_000, null, null, null)]
    [InlineData("flip 0.5/GB", LinkFaultKind.Flip, LinkFaultTarget.Any, null, null, null, 0.5, null)]
    [InlineData("silence control 2/h", LinkFaultKind.Silence, LinkFaultTarget.Control, null, null, 2.0, null, null)]
    [InlineData("flip at 0B", LinkFaultKind.Flip, LinkFaultTarget.Any, 0L, null, null, null, null)]
    public void Text_IsReadAndWrittenAsItWas(string text, LinkFaultKind kind, LinkFaultTarget target, long? bytes, int? milliseconds, double? hourly, double? perGigabyte, int? duration)
    {
        Assert.True(FaultText.TryParse(text, out var fault));
        Assert.Equal(
            new LinkFault
            {
                Kind = kind, Target = target, AtBytes = bytes, AtTime = Time(milliseconds), PerHour = hourly, PerGigabyte = perGigabyte, Duration = Time(duration),
            },
            fault);
        Assert.Equal(text, FaultText.Write(fault!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("reset")]
    [InlineData("break at 5s")]
    [InlineData("reset both at 5s")]
    [InlineData("reset at")]
    [InlineData("reset at 5")]
    [InlineData("reset at 5s 6s")]
    [InlineData("reset at 5s for 1s")]
    [InlineData("stall at 5s")]
    [InlineData("stall at 5s for 0s")]
    [InlineData("flip 0/GB")]
    [InlineData("flip 2/MB")]
    public void TextThatIsNoFault_IsRefused(string text) => Assert.False(FaultText.TryParse(text, out _));

    private static TimeSpan? Time(int? milliseconds) => milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null;
}
