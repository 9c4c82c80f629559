using DataPlane.Core.Wire;
using DataPlane.Fuzz.Mutation;
using DataPlane.Fuzz.Recording;
using DataPlane.Fuzz.Replay;

namespace DataPlane.Fuzz.Targets;

/// <summary>All that a source says behind the handshake, on the control connection and two data channels at once.</summary>
internal sealed class DestinationTarget : IFuzzTarget
{
    private readonly DestinationReplay _replay = new(Recordings.Whole);
    private readonly byte[] _messages = MessagesBehindHello(Recordings.Whole);
    private readonly byte[] _answers = Recordings.Whole.Answers;
    private readonly byte[][] _frames = [Recordings.Whole.Frames(0), Recordings.Whole.Frames(1)];

    public string Name => "destination";

    /// <summary>The messages of a session that come once it is set up; without the words about its records, which belong to journals that are not here.</summary>
    public static byte[] MessagesBehindHello(RecordedSession session)
    {
        var list = MessageList.Parse(session.Messages);
        return (list with { Items = [.. list.Items.Skip(1).Where(item => item.Type != ControlMessageType.Handover)] }).Bytes();
    }

    public byte[] Make(Random random)
    {
        var (messages, first, second) = (_messages, _frames[0], _frames[1]);
        var what = random.Next(1, 8);
        if ((what & 1) != 0) messages = MessageMutations.Apply(messages, _answers, random);
        if ((what & 2) != 0) first = FrameMutations.Apply(first, second, random, pageSums: true);
        if ((what & 4) != 0) second = FrameMutations.Apply(second, first, random, pageSums: true);
        return Parts.Join(messages, first, second);
    }

    public Task RunAsync(byte[] input)
    {
        var parts = Parts.Split(input, 3);
        return _replay.RunAsync(parts[0], parts[1..]);
    }

    public void Dispose() => _replay.Dispose();
}
