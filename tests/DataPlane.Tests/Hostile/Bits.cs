namespace DataPlane.Tests.Hostile;

/// <summary>Which bits of a stream are tried, and the stream with one of them flipped.</summary>
internal static class Bits
{
    /// <summary>All of them in the larger set; else about <paramref name="some"/>, spread over the stream with an odd step, so that every bit of a byte has its turn.</summary>
    public static IEnumerable<int> Of(int bytes, int some) => Steps(bytes * 8, Kit.TestSet.All ? bytes * 8 : some);

    /// <summary>About <paramref name="count"/> numbers below <paramref name="end"/>.</summary>
    public static IEnumerable<int> Steps(int end, int count)
    {
        var step = count >= end ? 1 : (end / count) | 1;
        for (var at = 0; at < end; at += step) yield return at;
    }

    public static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] copy = [.. bytes];
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }
}
