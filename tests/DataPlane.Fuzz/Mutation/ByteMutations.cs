namespace DataPlane.Fuzz.Mutation;

/// <summary>Changes that know nothing of what the bytes mean.</summary>
internal static class ByteMutations
{
    /// <summary>A copy of <paramref name="bytes"/> with one to four changes.</summary>
    public static byte[] Apply(byte[] bytes, Random random)
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--) bytes = Once(bytes, random);
        return bytes;
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        if (bytes.Length == 0) return [(byte)random.Next(256)];
        byte[] copy = [.. bytes];
        var at = random.Next(copy.Length);
        var count = Math.Min(random.Next(1, 1 << random.Next(1, 10)), copy.Length - at);
        switch (random.Next(8))
        {
            case 0 or 1:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 2:
                copy[at] = (byte)random.Next(256);
                return copy;
            case 3:
                var size = Math.Min(1 << random.Next(4), copy.Length - at);
                Numbers.Change(copy.AsSpan(at), size is 3 ? 2 : size is > 4 and < 8 ? 4 : size, random);
                return copy;
            case 4:
                return copy[..at]; // Cut off.
            case 5:
                return [.. copy[..at], .. copy[(at + count)..]]; // Lost.
            case 6:
                return [.. copy[..(at + count)], .. copy[at..]]; // Twice.
            default:
                random.NextBytes(copy.AsSpan(at, count));
                return copy;
        }
    }
}
