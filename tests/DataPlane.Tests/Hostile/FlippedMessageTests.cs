using DataPlane.Core.Errors;
using DataPlane.Fuzz.Replay;
using DataPlane.Fuzz.Targets;
using Xunit;

namespace DataPlane.Tests.Hostile;

/// <summary>One flipped bit anywhere in what either side says behind the handshake: found, or nothing else is believed than without it.</summary>
[Collection("machine")]
public sealed class FlippedMessageTests
{
    [Fact]
    public async Task Any_bit_of_a_message_to_the_destination_ends_the_session_before_the_guest_is_taken_over()
    {
        var messages = DestinationTarget.MessagesBehindHello(Recordings.Whole);
        byte[][] frames = [Recordings.Whole.Frames(0), Recordings.Whole.Frames(1)];
        using var replay = new DestinationReplay(Recordings.Whole);
        await replay.RunAsync(messages, frames);
        Assert.Null(replay.Error);
        Assert.True(replay.Resumed && replay.IsRight);
        foreach (var bit in Bits.Of(messages.Length, some: 300))
        {
            await replay.RunAsync(Bits.Flip(messages, bit), frames);
            if (replay.Resumed) Assert.True(replay.IsRight, $"Bit {bit} changed the guest.");
            else Assert.Contains(replay.Error!.Code, (MigrationErrorCode[])[MigrationErrorCode.ProtocolViolation, MigrationErrorCode.ConnectionLost, MigrationErrorCode.OwnershipUncertain]);
            Assert.False(replay.Resumed, $"Bit {bit} of a message went by.");
        }
    }

    [Fact]
    public async Task Any_bit_of_a_message_to_the_source_ends_its_return_path()
    {
        using var replay = new ReturnReplay(Recordings.Whole);
        await replay.RunAsync(replay.Answers);
        Assert.Equal(MigrationErrorCode.ConnectionLost, replay.Error.Code);
        Assert.Contains(" True True ", replay.Believed, StringComparison.Ordinal);
        Assert.DoesNotContain("-", replay.Believed, StringComparison.Ordinal);
        foreach (var bit in Bits.Of(replay.Answers.Length, some: 400))
        {
            await replay.RunAsync(Bits.Flip(replay.Answers, bit));
            // A length that grew past the end reads as a connection that ended in the middle of a message.
            Assert.True(
                replay.Error.Code is MigrationErrorCode.ProtocolViolation || replay.Error.Message.Contains("in the middle", StringComparison.Ordinal),
                $"Bit {bit} of an answer went by: {replay.Error.Message}");
        }
    }
}
