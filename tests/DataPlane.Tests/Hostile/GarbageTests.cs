using DataPlane.Core.Errors;
using DataPlane.Fuzz.Replay;
using DataPlane.Fuzz.Targets;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Hostile;

/// <summary>Bytes that mean nothing, on every kind of connection: refused by name, at once, at no cost. The replays check the rest.</summary>
[Collection("machine")]
public sealed class GarbageTests
{
    [Fact]
    public void In_place_of_frames()
    {
        foreach (var session in Recordings.OneChannel)
        {
            using var replay = new ChannelReplay(session);
            foreach (var garbage in Garbage(100))
            {
                Assert.Equal(ChannelVerdict.Failed, replay.Run(garbage));
                if (garbage.Length > 0) Assert.NotNull(replay.End);
                Assert.Equal(ChannelVerdict.Failed, replay.Run([.. session.Frames(0)[..168], .. garbage]));
            }
        }
    }

    [Fact]
    public async Task In_place_of_messages_and_frames()
    {
        byte[][] frames = [Recordings.Whole.Frames(0), Recordings.Whole.Frames(1)];
        var messages = DestinationTarget.MessagesBehindHello(Recordings.Whole);
        using var replay = new DestinationReplay(Recordings.Whole);
        foreach (var garbage in Garbage(30))
        {
            await replay.RunAsync(garbage, frames);
            Assert.False(replay.Resumed);
            await replay.RunAsync(messages, [garbage, frames[1]]);
            Assert.False(replay.Resumed);
        }
    }

    [Fact]
    public async Task In_place_of_answers()
    {
        using var replay = new ReturnReplay(Recordings.Whole);
        foreach (var garbage in Garbage(100))
        {
            await replay.RunAsync(garbage);
            Assert.Equal(garbage.Length < 16 ? MigrationErrorCode.ConnectionLost : MigrationErrorCode.ProtocolViolation, replay.Error.Code);
        }
    }

    [Fact]
    public async Task In_place_of_a_preamble()
    {
        using var door = new DoorTarget();
        foreach (var garbage in Garbage(100)) await door.RunAsync(garbage);
    }

    private static IEnumerable<byte[]> Garbage(int count)
    {
        var random = new Random(9);
        for (var i = 0; i < TestSet.Times(count); i++)
        {
            var bytes = new byte[random.Next(1 << random.Next(1, 14))];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }
}
