using System.Buffers.Binary;
using System.Text;

namespace DataPlane.Tests.Core.Codecs;

/// <summary>Contents that the codec tests encode. They never change: committed blocks decode to them.</summary>
internal static class BlockContents
{
    public static readonly string[] Kinds = ["zero", "one-byte", "ramp", "text", "heap", "sparse", "random", "random-then-zero"];

    public static byte[] Make(string kind, int length)
    {
        var bytes = new byte[length];
        switch (kind)
        {
            case "zero": break;
            case "one-byte": bytes.AsSpan().Fill(0x7F); break;
            case "ramp": for (var i = 0; i < length; i++) bytes[i] = (byte)(i + (i >> 8)); break;
            case "text": Text(bytes); break;
            case "heap": Heap(bytes); break;
            case "sparse": for (var i = 0; i < length; i += 509) bytes[i] = (byte)(i | 1); break;
            case "random": Random(bytes); break;
            case "random-then-zero": Random(bytes.AsSpan(0, length / 2)); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
        return bytes;
    }

    private static void Text(Span<byte> bytes)
    {
        string[] words = ["guest ", "page ", "is written ", "before ", "after ", "the ", "INFO ", "10.0.0.", "status=", "\n"];
        uint state = 7;
        while (!bytes.IsEmpty)
        {
            state = (state * 1664525) + 1013904223;
            var word = Encoding.ASCII.GetBytes(words[(state >> 16) % (uint)words.Length]);
            var length = Math.Min(word.Length, bytes.Length);
            word.AsSpan(0, length).CopyTo(bytes);
            bytes = bytes[length..];
        }
    }

    // Objects as a heap has them: pointers into one region, small counts, flags, empty fields.
    private static void Heap(Span<byte> bytes)
    {
        ulong state = 11;
        for (var at = 0; at + 8 <= bytes.Length; at += 8)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            var word = (at >> 3 & 3) switch
            {
                0 => 0x00007F3A_40000000 | (state >> 40 & 0xFFFFF0),
                1 => state >> 61,
                2 => 0UL,
                _ => state >> 32 & 0xFFFF,
            };
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], word);
        }
    }

    private static void Random(Span<byte> bytes)
    {
        ulong state = 88172645463325252;
        for (var i = 0; i < bytes.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes[i] = (byte)(state >> 24);
        }
    }
}
