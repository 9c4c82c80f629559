using DataPlane.Core.Codecs;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Codecs;

/// <summary>What every codec owes its callers, whoever does the work. Results are decoded between guard pages throughout.</summary>
public abstract class PageCodecContract : IDisposable
{
    private readonly Lazy<IPageCodec> _codec;

    private protected PageCodecContract() => _codec = new(Create);

    private protected IPageCodec Codec => _codec.Value;

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (var kind in BlockContents.Kinds)
                foreach (var length in new[] { 1, 2, 3, 12, 13, 64, 4095, PageSize, PageSize + 1, 3 * PageSize, 64 << 10, 256 << 10, StripeSize })
                    blocks.Add(kind, length);
            return blocks;
        }
    }

    public static TheoryData<string> Kinds => [.. BlockContents.Kinds];

    /// <summary>The codec under test, or a skip that says what this host lacks.</summary>
    private protected abstract IPageCodec Create();

    /// <summary>The codec whose blocks a damaged one is made from; for the decoder the peer may be any.</summary>
    private protected abstract PageEncoding Encoding { get; }

    public void Dispose()
    {
        if (_codec.IsValueCreated) _codec.Value.Dispose();
        GC.SuppressFinalize(this);
    }

    [SkippableTheory]
    [MemberData(nameof(Blocks))]
    public void A_block_comes_back_as_it_was(string kind, int length)
    {
        var block = BlockContents.Make(kind, length);
        var encoded = Encode(block);
        Assert.Equal(Encoding, Codec.Encoding);
        using var input = new GuardedBytes(encoded.Length);
        using var output = new GuardedBytes(length);
        var result = output.Take(length, 0xEE);
        Assert.True(Codec.TryDecodeExact(input.Take(encoded), result));
        Assert.True(block.AsSpan().SequenceEqual(result));
        Assert.True(output.IsIntact(length));
    }

    /// <summary>The contexts are reused, so what one block left behind must not colour the next.</summary>
    [SkippableFact]
    public void Blocks_of_all_kinds_and_lengths_one_after_another()
    {
        var random = new Random(5);
        for (var round = 0; round < TestSet.Times(300); round++)
        {
            var block = BlockContents.Make(BlockContents.Kinds[random.Next(BlockContents.Kinds.Length)], random.Next(1, 40_000));
            var encoded = Encode(block);
            var result = new byte[block.Length];
            if (random.Next(3) == 0) _ = Codec.TryDecodeExact(encoded.AsSpan(0, encoded.Length / 2), result);
            Assert.True(Codec.TryDecodeExact(encoded, result), $"round {round}");
            Assert.True(block.AsSpan().SequenceEqual(result), $"round {round}");
        }
    }

    [SkippableTheory]
    [InlineData(PageSize)]
    [InlineData(64 << 10)]
    [InlineData(StripeSize)]
    public void What_does_not_fit_gives_0_and_stays_within_its_room(int length)
    {
        var block = BlockContents.Make("random", length);
        using var room = new GuardedBytes(length);
        foreach (var capacity in new[] { 0, 1, 8, length / 2, length - (length / 8), length - 1 })
        {
            Assert.Equal(0, Codec.TryEncode(block, room.Take(capacity, 0)));
            Assert.True(room.IsIntact(capacity));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Every_room_from_none_to_enough_gives_0_or_a_block(string kind)
    {
        var block = BlockContents.Make(kind, PageSize);
        var most = Codec.MaxEncodedSize(PageSize);
        using var room = new GuardedBytes(most);
        var result = new byte[PageSize];
        for (var capacity = 0; capacity <= most; capacity += capacity < 64 ? 1 : 7)
        {
            var target = room.Take(capacity, 0);
            var size = Codec.TryEncode(block, target);
            Assert.True(room.IsIntact(capacity));
            Assert.InRange(size, 0, capacity);
            if (size == 0) continue;
            Assert.True(Codec.TryDecodeExact(target[..size], result));
            Assert.True(block.AsSpan().SequenceEqual(result));
        }
        Assert.NotEqual(0, Codec.TryEncode(block, room.Take(most, 0)));
    }

    [SkippableFact]
    public void Empty_is_no_block()
    {
        Assert.Equal(0, Codec.TryEncode([], new byte[64]));
        Assert.Equal(0, Codec.TryEncode(new byte[64], []));
        Assert.False(Codec.TryDecodeExact([], new byte[64]));
        Assert.False(Codec.TryDecodeExact([], []));
        foreach (var encoded in new[] { Encode(new byte[PageSize]), [0], new byte[PageSize] })
            Assert.False(Codec.TryDecodeExact(encoded, []));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_block_is_refused_for_any_other_length(string kind)
    {
        var encoded = Encode(BlockContents.Make(kind, PageSize));
        using var output = new GuardedBytes(2 * PageSize);
        foreach (var length in new[] { 1, 2, 64, PageSize / 2, PageSize - 8, PageSize - 1, PageSize + 1, PageSize + 8, 2 * PageSize })
        {
            Assert.False(Codec.TryDecodeExact(encoded, output.Take(length, 0)), $"{length} bytes");
            Assert.True(output.IsIntact(length));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_block_that_was_cut_or_has_more_behind_it_is_refused(string kind)
    {
        var encoded = Encode(BlockContents.Make(kind, PageSize));
        using var input = new GuardedBytes(2 * encoded.Length);
        using var output = new GuardedBytes(PageSize);
        for (var length = 0; length < encoded.Length; length++)
        {
            Assert.False(Codec.TryDecodeExact(input.Take(encoded.AsSpan(0, length)), output.Take(PageSize, 0)), $"the first {length} bytes");
            Assert.True(output.IsIntact(PageSize));
        }
        byte[][] tails = [[0], [0xFF], new byte[encoded.Length], encoded];
        foreach (var tail in tails)
            Assert.False(Codec.TryDecodeExact(input.Take([.. encoded, .. tail]), output.Take(PageSize, 0)));
    }

    /// <summary>
    /// A flip may go unnoticed here (a frame's checksum is what finds it), but the result must then come from the input alone: decoded over
    /// two different old contents it has to be the same, or a peer could read what the buffer held before.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Every_flipped_bit_stays_within_bounds_and_shows_nothing_old(string kind)
    {
        var encoded = Encode(BlockContents.Make(kind, PageSize));
        using var damaged = new DamagedBlock(Codec, encoded.Length, PageSize);
        for (var bit = 0; bit < encoded.Length * 8; bit++)
        {
            encoded[bit >> 3] ^= (byte)(1 << (bit & 7));
            damaged.Check(encoded);
            encoded[bit >> 3] ^= (byte)(1 << (bit & 7));
        }
    }

    [SkippableFact]
    public void Garbage_and_blocks_with_garbage_in_them_stay_within_bounds()
    {
        const int Length = 3 * PageSize;
        var random = new Random(17);
        var good = Array.ConvertAll(BlockContents.Kinds, kind => Encode(BlockContents.Make(kind, Length)));
        using var damaged = new DamagedBlock(Codec, Codec.MaxEncodedSize(Length), Length);
        for (var round = 0; round < TestSet.Times(5_000); round++)
        {
            var block = (byte[])good[random.Next(good.Length)].Clone();
            var from = random.Next(block.Length);
            random.NextBytes(block.AsSpan(from, Math.Min(random.Next(1, 9), block.Length - from)));
            if (random.Next(4) == 0) random.NextBytes(block);
            damaged.Check(block.AsSpan(0, random.Next(3) == 0 ? random.Next(1, block.Length + 1) : block.Length));
        }
    }

    [SkippableFact]
    public void Nothing_is_allocated_per_block()
    {
        var blocks = Array.ConvertAll(BlockContents.Kinds, kind => BlockContents.Make(kind, 64 << 10));
        var encoded = new byte[Codec.MaxEncodedSize(64 << 10)];
        var result = new byte[64 << 10];
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var block in blocks)
            {
                var size = Codec.TryEncode(block, encoded);
                _ = Codec.TryEncode(block, encoded.AsSpan(0, 100));
                _ = Codec.TryDecodeExact(encoded.AsSpan(0, size), result);
                _ = Codec.TryDecodeExact(encoded.AsSpan(0, size / 2), result);
            }
            if (round > 0) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [SkippableFact]
    public void A_length_out_of_range_is_misuse()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Codec.MaxEncodedSize(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codec.MaxEncodedSize(IPageCodec.MaxLength + 1));
        Assert.True(Codec.MaxEncodedSize(IPageCodec.MaxLength) >= IPageCodec.MaxLength);
    }

    private protected byte[] Encode(byte[] block)
    {
        using var room = new GuardedBytes(Codec.MaxEncodedSize(block.Length));
        var target = room.Take(Codec.MaxEncodedSize(block.Length), 0);
        var size = Codec.TryEncode(block, target);
        Assert.NotEqual(0, size);
        return target[..size].ToArray();
    }
}
