namespace DataPlane.Guests.Writing;

/// <summary>The next page of a pattern, in integers only; guest.c does the same, and a test holds them together.</summary>
internal static unsafe class PageChoice
{
    /// <summary>
    /// Steps the generator and returns the next page, counted from the writer's first. Of a batch that is listed, <paramref name="left"/> are still to be written.
    /// </summary>
    public static ulong Next(ref WriterBlock writer, uint* quantiles, uint* list = null, ulong left = 0)
    {
        var random = Step(writer.Random);
        writer.Random = random;
        switch ((DirtyPattern)writer.Pattern)
        {
            case DirtyPattern.Sequential:
                var page = writer.Position;
                writer.Position = page + 1 == writer.Pages ? 0 : page + 1;
                return page;
            case DirtyPattern.HotCold or DirtyPattern.Burst:
                return (random & 1023) < writer.HotShare ? Hot(ref writer, random) : Scale(random, writer.Pages);
            case DirtyPattern.Zipf:
                return Zipf(writer, random, quantiles + (random >> 52));
            case DirtyPattern.Replay:
                return list[left - 1];
            default:
                return Scale(random, writer.Pages);
        }
    }

    /// <summary>The generator's next state; it stands still at 0.</summary>
    public static ulong Step(ulong random)
    {
        random ^= random << 13;
        random ^= random >> 7;
        return random ^ (random << 17);
    }

    private static ulong Hot(ref WriterBlock writer, ulong random)
    {
        var page = (writer.HotStart >> 32) + Scale(random, writer.HotPages);
        var start = writer.HotStart + writer.Drift;
        writer.HotStart = start >= writer.Pages << 32 ? start - (writer.Pages << 32) : start;
        return page >= writer.Pages ? page - writer.Pages : page;
    }

    private static ulong Scale(ulong random, ulong range) => Math.BigMul(random, range, out _);

    private static ulong Zipf(in WriterBlock writer, ulong random, uint* quantile)
    {
        var width = (ulong)quantile[1] - quantile[0] + 1;
        var rank = quantile[0] + ((random & 0xFFFF_FFFF) * width >> 32);
        return rank * writer.Scatter % writer.Pages;
    }
}
