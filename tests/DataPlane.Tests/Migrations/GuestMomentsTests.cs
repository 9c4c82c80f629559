using DataPlane.Core.Errors;
using DataPlane.Host;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>Hosts that know when their guests stood and ran, and fail to say so.</summary>
[Collection("machine")]
public sealed class GuestMomentsTests
{
    private const string Words = "no moment is known here";

    [Fact]
    public async Task Moments_that_can_not_be_had_leave_the_clock_and_a_warning()
    {
        using var hand = Mute();
        var (sent, received) = await hand.Pair.RunAsync();
        Assert.True((sent.Status, received.Status) == (MigrationStatus.Completed, MigrationStatus.Completed), $"{sent.Error?.Message} {received.Error?.Message}");
        Assert.True(sent.Downtime > 0);
        Assert.Contains(Words, Assert.Single(sent.Warnings), StringComparison.Ordinal);
        Assert.Contains(Words, Assert.Single(received.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guest_that_went_on_at_the_source_is_not_said_to_have_failed_to()
    {
        using var hand = Mute();
        hand.Pair.SourceHost.Before("save dev", () => throw new InvalidOperationException("the device is stuck"));
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.HostFailed), (sent.Status, sent.Error!.Code));
        Assert.DoesNotContain(Words, sent.Error.Message, StringComparison.Ordinal);
        Assert.Contains(sent.DowntimeBreakdown!.Segments, segment => segment.Name == "rollback");
        Assert.Equal(2, sent.Warnings.Count(warning => warning.Contains(Words, StringComparison.Ordinal)));
    }

    private static DirtiedByHand Mute()
    {
        var hand = new DirtiedByHand(_ => 0);
        hand.Pair.SourceHost = Host();
        hand.Pair.DestinationHost = Host();
        return hand;

        static HookedHost Host() => new(new IdleHost(new DeviceSection("dev", 1, 1))) { Moment = () => throw new InvalidOperationException(Words) };
    }
}
