namespace DataPlane.Guests.Writing;

/// <summary>The next page of a pattern, in integers only; guest.c does the same, and a test holds them together.</summary>
internal static unsafe class PageChoice
{
    /// <summary>Steps the generator and returns the next page, counted from the writer's first.</summary>
    public static ulong Next(ref WriterBlock writer, uint* quantiles)
    {
        var random = writer.Random;
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        writer.Random = random;
        switch ((DirtyPattern)writer.Pattern)
        {
            case DirtyPattern.Sequential:
                var page = writer.Position;
                writer.Position = page + 1 == writer.Pages ? 0 : page + 1;
                return page;
            case DirtyPattern.HotCold or DirtyPattern.Burst:
                return Scale(random, (random & 1023) < writer.HotShare ? writer.HotPages : writer.Pages);
            case DirtyPattern.Zipf:
                return Zipf(writer, random, quantiles + (random >> 52));
            default:
                return Scale(random, writer.Pages);
        }
    }

    /// <summary>The word of the page, besides its counter, that a write with this generator state changes: 1 to 256.</summary>
    public static int StampedWord(ulong random) => 1 + (int)(random >> 32 & 255);

    private static ulong Scale(ulong random, ulong range) => Math.BigMul(random, range, out _);

    private static ulong Zipf(in WriterBlock writer, ulong random, uint* quantile)
    {
        var width = (ulong)quantile[1] - quantile[0] + 1;
        var rank = quantile[0] + ((random & 0xFFFF_FFFF) * width >> 32);
        return rank * writer.Scatter % writer.Pages;
    }
}
