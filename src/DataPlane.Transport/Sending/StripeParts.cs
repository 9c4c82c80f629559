using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending;

/// <summary>Cuts a stripe's pages into what frames take.</summary>
internal static class StripeParts
{
    /// <summary>The next pages of <paramref name="contents"/> from page <paramref name="from"/>, at most <paramref name="most"/>. -1 when none is left.</summary>
    public static int Next(in StripeWords contents, int from, int most, out StripeWords part, out int count)
    {
        part = default;
        count = 0;
        while (count < most && PageMask.NextRun(contents, from, out var start, out var run))
        {
            run = Math.Min(run, most - count);
            PageMask.SetRun(part, start, run);
            count += run;
            from = start + run;
        }
        return count == 0 ? -1 : from;
    }
}
