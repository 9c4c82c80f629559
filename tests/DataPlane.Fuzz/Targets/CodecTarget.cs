using DataPlane.Core.Codecs;
using DataPlane.Fuzz.Mutation;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;

namespace DataPlane.Fuzz.Targets;

/// <summary>Encoded blocks of one codec: the input ends at a guard page, and so does the place for the result, which has a canary before it.</summary>
internal sealed class CodecTarget : IFuzzTarget
{
    private const int MostPages = 4;
    private const int MostBytes = MostPages * 4096;
    private const byte Old = 0x5C;

    private readonly IPageCodec _codec;
    private readonly List<(byte[] Block, int Length)> _blocks = [];
    private readonly GuardedBytes _input = new(2 * MostBytes);
    private readonly GuardedBytes _output = new(MostBytes);

    public CodecTarget(PageEncoding encoding)
    {
        _codec = PageCodecs.Create(encoding);
        Name = encoding.ToString().ToLowerInvariant();
        var random = new Random(1);
        for (var pages = 1; pages <= MostPages; pages++)
        {
            var content = new byte[pages * 4096];
            for (var i = 0; i < content.Length; i++) content[i] = (byte)(random.Next(4) == 0 ? random.Next(256) : i >> (pages + 1));
            var block = new byte[_codec.MaxEncodedSize(content.Length)];
            _blocks.Add((block[.._codec.TryEncode(content, block)], content.Length));
        }
    }

    public string Name { get; }

    public byte[] Make(Random random)
    {
        var (block, length) = _blocks[random.Next(_blocks.Count)];
        var pages = random.Next(5) > 0 ? length / 4096 : random.Next(1, MostPages + 1);
        var changed = ByteMutations.Apply(random.Next(20) == 0 ? [] : block, random);
        return [(byte)pages, .. changed.Take((2 * MostBytes) - 1)];
    }

    public Task RunAsync(byte[] input)
    {
        if (input.Length == 0 || input[0] is < 1 or > MostPages) return Task.CompletedTask;
        var from = _input.Take(input.AsSpan(1));
        var length = input[0] * 4096;
        var to = _output.Take(length, Old);
        _ = _codec.TryDecodeExact(from, to);
        if (!_output.IsIntact(length)) throw new FuzzFault($"{_codec.Name} wrote before the place for its result.");
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _codec.Dispose();
        _input.Dispose();
        _output.Dispose();
    }
}
