using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;

namespace DataPlane.Bench.Linux.Codecs;

/// <summary>A stripe's blocks, each encoded into a place of its own; one that does not shrink is kept as it is, as a channel sends it.</summary>
internal sealed class EncodedStripe : IDisposable
{
    private readonly byte[] _pages;
    private readonly byte[] _room;
    private readonly byte[] _result;
    private readonly int[] _sizes;
    private readonly int _blockSize;
    private readonly IPageCodec _codec;

    public EncodedStripe(byte[] pages, int blockSize, string codec)
    {
        _pages = pages;
        _blockSize = blockSize;
        _sizes = new int[pages.Length / blockSize];
        _room = new byte[pages.Length];
        _result = new byte[pages.Length];
        _codec = Create(codec);
        Answer.Check(true, CodecLibraries.All.All(library => library.IsAvailable));
        Encode();
        Decode();
        Answer.Check(true, _pages.AsSpan().SequenceEqual(_result));
    }

    /// <summary>Bytes of the pages for each byte on the wire.</summary>
    public double Ratio => (double)_pages.Length / _sizes.Sum();

    public int Copy()
    {
        for (var at = 0; at < _pages.Length; at += _blockSize) _pages.AsSpan(at, _blockSize).CopyTo(_result.AsSpan(at));
        return _result[^1];
    }

    public int Encode()
    {
        for (var block = 0; block < _sizes.Length; block++)
        {
            var from = _pages.AsSpan(block * _blockSize, _blockSize);
            var to = _room.AsSpan(block * _blockSize, _blockSize);
            var size = _codec.TryEncode(from, to[..^1]);
            if (size == 0) from.CopyTo(to);
            _sizes[block] = size == 0 ? _blockSize : size;
        }
        return _sizes[^1];
    }

    public int Decode()
    {
        var failures = 0;
        for (var block = 0; block < _sizes.Length; block++)
        {
            var from = _room.AsSpan(block * _blockSize, _sizes[block]);
            var to = _result.AsSpan(block * _blockSize, _blockSize);
            if (from.Length == to.Length) from.CopyTo(to);
            else if (!_codec.TryDecodeExact(from, to)) failures++;
        }
        return failures;
    }

    public void Dispose() => _codec.Dispose();

    private static IPageCodec Create(string name)
    {
        var parts = name.Split(':');
        var setting = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return parts[0] == "lz4" ? new Lz4Codec(setting) : new ZstdCodec(setting);
    }
}
