using DataPlane.Core.Wire;
using DataPlane.Fuzz.Mutation;

namespace DataPlane.Fuzz.Targets;

/// <summary>The first bytes of a connection, sealed again after a change. What is read must be what was written.</summary>
internal sealed class PreambleTarget : IFuzzTarget
{
    private readonly byte[][] _preambles =
        [.. new[] { Recordings.Whole.Control, Recordings.Whole.Data[0], Recordings.Whole.Data[1] }.Select(bytes => bytes[..Preamble.Size])];

    public string Name => "preamble";

    public byte[] Make(Random random)
    {
        byte[] bytes = [.. ByteMutations.Apply(_preambles[random.Next(_preambles.Length)], random).Take(Preamble.Size)];
        if (bytes.Length == Preamble.Size && random.Next(4) > 0)
            BitConverter.TryWriteBytes(bytes.AsSpan(Preamble.Size - 4), Crc32c.Of(bytes.AsSpan(0, Preamble.Size - 4)));
        return bytes;
    }

    public Task RunAsync(byte[] input)
    {
        if (!Preamble.TryRead(input, out var preamble, out var fault))
        {
            if (string.IsNullOrEmpty(fault)) throw new FuzzFault("A preamble was refused without a reason.");
            return Task.CompletedTask;
        }
        if (preamble.OldestVersion > ProtocolVersion.Newest) return Task.CompletedTask; // What its reserved bytes mean is not known here.
        if (preamble.OldestVersion > ProtocolVersion.Newest) return Task.CompletedTask; // What its other bytes mean is not known here.
        Span<byte> again = stackalloc byte[Preamble.Size];
        preamble.Write(again);
        if (!again.SequenceEqual(input)) throw new FuzzFault("A preamble was read that says more than what was read of it.");
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }
}
