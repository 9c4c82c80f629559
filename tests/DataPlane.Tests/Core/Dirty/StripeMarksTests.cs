using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Dirty;

public sealed class StripeMarksTests
{
    [Fact]
    public void Runs_and_words_in_ascending_order_mark_what_a_set_would_hold() =>
        PropertyCheck.Holds<int>(seed =>
        {
            var random = new Random(seed);
            var memory = AddressOnlyMemory.OfPages(700, 1 + random.Next(2000), 3);
            var block = memory.Blocks[1];
            using var marked = new DirtyBitmap(memory);
            var model = new HashSet<long>();
            var marks = new StripeMarks(marked, block, stackalloc ulong[PageGeometry.WordsPerStripe]);
            for (long page = random.Next(70); page < block.PageCount; page += random.Next(100))
            {
                var count = 1 + random.Next(random.Next(2) == 0 ? 4 : 1500);
                if (random.Next(2) == 0)
                {
                    marks.AddRun(page, count);
                    for (var end = Math.Min(page + count, block.PageCount); page < end; page++) model.Add(page);
                    continue;
                }
                var bits = (ulong)random.NextInt64() & PageMask.FirstBits((int)Math.Min(64, block.PageCount - page));
                marks.AddBits(page, bits);
                for (var bit = 0; bit < 64; bit++)
                    if ((bits >> bit & 1) != 0) model.Add(page + bit);
                page += 64;
            }
            Assert.Equal(model.Count, marks.Finish());
            Assert.Equal(model.Count, marked.Count());
            Assert.All(model, page => Assert.True(marked.IsSet(block, page)));
        });

    [Fact]
    public void Scratch_that_held_something_is_no_mark()
    {
        var memory = AddressOnlyMemory.OfPages(512);
        using var marked = new DirtyBitmap(memory);
        Span<ulong> scratch = stackalloc ulong[PageGeometry.WordsPerStripe];
        scratch.Fill(ulong.MaxValue);
        Assert.Equal(0, new StripeMarks(marked, memory.Blocks[0], scratch).Finish());
    }
}
