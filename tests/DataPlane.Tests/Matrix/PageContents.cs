using System.IO.Compression;
using System.Runtime.InteropServices;
using DataPlane.Tests.Core.Codecs;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Matrix;

/// <summary>Contents of pages, of the kinds that are handled differently on the way or would be by a mistake.</summary>
internal static class PageContents
{
    public static readonly string[] Kinds =
        ["zero", "random", "text", "mixed", "every-other-zero", "first-byte", "last-byte", "all-alike", "compressed", "all-ones"];

    private static readonly byte[] Text = BlockContents.Make("text", 1 << 16);
    private static readonly byte[] Compressed = Compress();

    /// <summary>What page <paramref name="number"/> of kind <paramref name="kind"/> holds when it has been changed <paramref name="version"/> times.</summary>
    public static void Fill(Span<byte> page, string kind, long number, int version)
    {
        page.Clear();
        switch (kind)
        {
            case "zero": break;
            case "random": Random(page, number, version); break;
            case "text": Slice(Text, number + version).CopyTo(page); break;
            case "mixed":
                Slice(Text, number + version)[..(PageSize / 2)].CopyTo(page);
                Random(page[(PageSize / 2)..], number, version);
                break;
            case "every-other-zero": if ((number + version) % 2 == 0) Slice(Text, number).CopyTo(page); break;
            case "first-byte": page[0] = (byte)(1 + version); break;
            case "last-byte": page[^1] = (byte)(1 + version); break;
            case "all-alike": Slice(Text, version).CopyTo(page); break;
            case "compressed": Slice(Compressed, number + version).CopyTo(page); break;
            case "all-ones": page.Fill(0xFF); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    private static void Random(Span<byte> bytes, long number, int version)
    {
        var state = ((ulong)number << 32) + (ulong)version + 88172645463325252;
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word = state;
        }
    }

    private static ReadOnlySpan<byte> Slice(byte[] bytes, long number) => bytes.AsSpan((int)(number * 251 % (bytes.Length - PageSize)), PageSize);

    // Half a MiB of digits that repeat nothing: what a compressor makes of them is what a file of that kind holds in a guest's page cache.
    private static byte[] Compress()
    {
        var digits = new byte[1 << 19];
        var random = new Random(3);
        for (var i = 0; i < digits.Length; i++) digits[i] = (byte)('0' + random.Next(10));
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal)) deflate.Write(digits);
        return output.ToArray();
    }
}
