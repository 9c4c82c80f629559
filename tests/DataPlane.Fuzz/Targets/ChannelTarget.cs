using DataPlane.Core.Wire.Frames;
using DataPlane.Fuzz.Mutation;
using DataPlane.Fuzz.Recording;
using DataPlane.Fuzz.Replay;

namespace DataPlane.Fuzz.Targets;

/// <summary>A whole data channel into guarded memory, in sessions of every codec and with page checksums; or changes to frames of one kind.</summary>
internal sealed class ChannelTarget(string name, FrameKind? only) : IFuzzTarget
{
    private readonly ChannelReplay[] _replays = [.. Recordings.OneChannel.Select(session => new ChannelReplay(session))];
    private readonly byte[][] _frames = [.. Recordings.OneChannel.Select(session => session.Frames(0))];

    public string Name { get; } = name;

    public byte[] Make(Random random)
    {
        var session = random.Next(_frames.Length);
        var changed = FrameMutations.Apply(
            _frames[session], _frames[random.Next(_frames.Length)], random, Recordings.OneChannel[session].PageSums, only);
        return [(byte)session, .. changed];
    }

    public Task RunAsync(byte[] input)
    {
        if (input.Length > 0 && input[0] < _replays.Length) _ = _replays[input[0]].Run(input.AsSpan(1));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var replay in _replays) replay.Dispose();
    }
}
