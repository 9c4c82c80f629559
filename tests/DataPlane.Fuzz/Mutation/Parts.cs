using System.Buffers.Binary;

namespace DataPlane.Fuzz.Mutation;

/// <summary>Several byte strings in one input: each behind its length.</summary>
internal static class Parts
{
    public static byte[] Join(params byte[][] parts)
    {
        var joined = new byte[parts.Sum(part => sizeof(int) + part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(joined.AsSpan(at), part.Length);
            part.CopyTo(joined, at + sizeof(int));
            at += sizeof(int) + part.Length;
        }
        return joined;
    }

    /// <summary>The <paramref name="count"/> parts of <paramref name="joined"/>. Throws <see cref="InvalidDataException"/> when they are not there.</summary>
    public static byte[][] Split(ReadOnlySpan<byte> joined, int count)
    {
        var parts = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var length = joined.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(joined);
            if (length < 0 || length > joined.Length - sizeof(int)) throw new InvalidDataException($"The input has no {count} parts.");
            parts[i] = joined.Slice(sizeof(int), length).ToArray();
            joined = joined[(sizeof(int) + length)..];
        }
        return parts;
    }
}
