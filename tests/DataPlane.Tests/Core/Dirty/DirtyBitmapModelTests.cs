using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Dirty;

/// <summary>Random sequences of operations on the bitmap and on a set of bit numbers, which must agree after each of them.</summary>
public sealed class DirtyBitmapModelTests
{
    // A block of one page, one with one page too many for a stripe, one with a short last stripe, one of exactly a stripe.
    private static readonly GuestMemory Memory = AddressOnlyMemory.OfPages(1, 513, (3 * 512) - 5, 512);

    [Fact]
    public void Any_sequence_of_operations_agrees_with_a_set() =>
        PropertyCheck.Holds<(byte Kind, uint Where, ushort Amount)[]>(operations =>
        {
            using var bitmap = new DirtyBitmap(Memory);
            var model = new HashSet<long>();
            foreach (var (kind, where, amount) in operations)
                Apply(bitmap, model, kind, where, amount);
            AssertSame(bitmap, model);
        }, tests: 500);

    private static void Apply(DirtyBitmap bitmap, HashSet<long> model, byte kind, uint where, ushort amount)
    {
        var stripe = (int)(where % (uint)Memory.StripeCount);
        var block = Memory.Blocks[(int)(where % (uint)Memory.Blocks.Count)];
        switch (kind % 8)
        {
            case 0:
                bitmap.SetAll();
                model.UnionWith(Memory.Blocks.SelectMany(Bits));
                break;
            case 1 or 2:
                Claim(bitmap, model, stripe);
                break;
            case 3 or 4:
                Or(bitmap, model, stripe, new Random(amount));
                break;
            default:
                var page = where / 7 % block.PageCount;
                var count = amount % (block.PageCount - page + 1);
                bitmap.Set(block, page, count);
                for (var i = 0L; i < count; i++) model.Add(block.FirstPage + page + i);
                break;
        }
        Assert.Equal(model.Count, bitmap.Count());
    }

    private static void Claim(DirtyBitmap bitmap, HashSet<long> model, int stripe)
    {
        var any = bitmap.Any(stripe);
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        claimed.Fill(ulong.MaxValue);
        var count = bitmap.Claim(stripe, claimed);
        Assert.Equal(PageMask.Count(claimed), count);
        Assert.Equal(count > 0, any);
        var expected = model.Where(bit => bit / PagesPerStripe == stripe).Order().ToArray();
        Assert.Equal(expected, BitsOf(claimed).Select(bit => ((long)stripe * PagesPerStripe) + bit));
        model.ExceptWith(expected);
        Assert.False(bitmap.Any(stripe));
    }

    private static void Or(DirtyBitmap bitmap, HashSet<long> model, int stripe, Random random)
    {
        var block = Memory.BlockOfStripe(stripe);
        Span<ulong> mask = stackalloc ulong[WordsPerStripe];
        GuestMemory.ExistingPages(block, stripe - block.FirstStripe, mask);
        for (var word = 0; word < WordsPerStripe; word++)
            mask[word] &= random.Next(3) switch { 0 => 0UL, 1 => (ulong)random.NextInt64(), _ => ulong.MaxValue };
        var added = BitsOf(mask).Count(bit => model.Add(((long)stripe * PagesPerStripe) + bit));
        Assert.Equal(added, bitmap.Or(stripe, mask));
        Assert.Equal(0, bitmap.Or(stripe, mask));
    }

    private static void AssertSame(DirtyBitmap bitmap, HashSet<long> model)
    {
        foreach (var block in Memory.Blocks)
            for (var page = 0L; page < block.PageCount; page++)
                Assert.Equal(model.Contains(block.FirstPage + page), bitmap.IsSet(block, page));
    }

    private static IEnumerable<long> Bits(RamBlock block)
    {
        for (var page = 0L; page < block.PageCount; page++) yield return block.FirstPage + page;
    }

    private static List<int> BitsOf(ReadOnlySpan<ulong> mask)
    {
        var bits = new List<int>();
        for (var bit = 0; bit < PagesPerStripe; bit++)
            if ((mask[bit / 64] >> (bit % 64) & 1) != 0) bits.Add(bit);
        return bits;
    }
}
