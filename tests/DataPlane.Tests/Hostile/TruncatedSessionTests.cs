using DataPlane.Core.Errors;
using DataPlane.Fuzz.Recording;
using DataPlane.Fuzz.Replay;
using DataPlane.Fuzz.Targets;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Hostile;

/// <summary>Connections that end after any byte: the session ends with them, by name, and nobody takes a guest over that is not all there.</summary>
[Collection("machine")]
public sealed class TruncatedSessionTests
{
    public static TheoryData<int> Sessions => [.. Enumerable.Range(0, Recordings.OneChannel.Count)];

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Frames_that_end_after_any_byte_are_never_accepted(int session)
    {
        var frames = Recordings.OneChannel[session].Frames(0);
        using var replay = new ChannelReplay(Recordings.OneChannel[session]);
        foreach (var length in Lengths(frames.Length, some: 500))
        {
            var verdict = replay.Run(frames.AsSpan(0, length));
            Assert.True(verdict == ChannelVerdict.Failed, $"{length} of {frames.Length} bytes: {verdict}.");
        }
    }

    [Fact]
    public async Task Messages_to_the_destination_that_end_after_any_byte_leave_the_guest_to_the_source()
    {
        var messages = DestinationTarget.MessagesBehindHello(Recordings.Whole);
        byte[][] frames = [Recordings.Whole.Frames(0), Recordings.Whole.Frames(1)];
        using var replay = new DestinationReplay(Recordings.Whole);
        foreach (var length in LengthsOfWholeSessions(messages.Length, some: 60))
        {
            await replay.RunAsync(messages[..length], frames);
            Assert.False(replay.Resumed, $"{length} of {messages.Length} bytes.");
            // Uncertain: it had said PREPARED, and the source did not come back.
            Assert.Contains(replay.Error!.Code, (MigrationErrorCode[])[MigrationErrorCode.ConnectionLost, MigrationErrorCode.OwnershipUncertain]);
        }
    }

    [Fact]
    public async Task Frames_of_one_channel_that_end_after_any_byte_leave_the_guest_to_the_source()
    {
        var messages = DestinationTarget.MessagesBehindHello(Recordings.Whole);
        byte[][] frames = [Recordings.Whole.Frames(0), Recordings.Whole.Frames(1)];
        using var replay = new DestinationReplay(Recordings.Whole);
        foreach (var length in LengthsOfWholeSessions(frames[1].Length, some: 40))
        {
            await replay.RunAsync(messages, [frames[0], frames[1][..length]]);
            Assert.False(replay.Resumed, $"{length} of {frames[1].Length} bytes.");
        }
    }

    [Fact]
    public async Task Answers_that_end_after_any_byte_end_the_return_path()
    {
        using var replay = new ReturnReplay(Recordings.Whole);
        foreach (var length in Lengths(replay.Answers.Length, some: 400))
        {
            await replay.RunAsync(replay.Answers.AsMemory(0, length));
            Assert.Equal(MigrationErrorCode.ConnectionLost, replay.Error.Code);
        }
    }

    private static IEnumerable<int> Lengths(int bytes, int some) => Bits.Steps(bytes, TestSet.All ? bytes : some);

    // A whole session takes 40 to 80 ms, of which 30 are its time to do something wrong. All 16,000 lengths of a channel are through in 10 minutes
    // then, and that is when the larger set takes a test for one that hangs.
    private static IEnumerable<int> LengthsOfWholeSessions(int bytes, int some) => Bits.Steps(bytes, TestSet.All ? Math.Min(bytes, 3000) : some);
}
