using DataPlane.Fuzz.Mutation;
using DataPlane.Fuzz.Replay;

namespace DataPlane.Fuzz.Targets;

/// <summary>All that a destination says to a source behind the handshake.</summary>
internal sealed class ReturnTarget : IFuzzTarget
{
    private readonly ReturnReplay _replay = new(Recordings.Whole);

    public string Name => "return-path";

    public byte[] Make(Random random) => MessageMutations.Apply(_replay.Answers, Recordings.Whole.Messages, random);

    public Task RunAsync(byte[] input) => _replay.RunAsync(input);

    public void Dispose() => _replay.Dispose();
}
