using System.Text;
using DataPlane.Core.Codecs;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Codecs;

/// <summary>LZ4 blocks written by hand from the description of the format: honest ones, and ones that lie in each field.</summary>
internal static class Lz4Vectors
{
    public static TheoryData<string, string> Good => new()
    {
        { "50" + "68656C6C6F", "hello" },
        { "F002" + "6162636465666768696A6B6C6D6E6F7071", "abcdefghijklmnopq" },
        // One literal, copied from one byte back 14 times, then five literals.
        { "1A" + "61" + "0100" + "50" + "6263646566", new string('a', 15) + "bcdef" },
        // The same with a match length of 4 + 15 + 255 + 2.
        { "1F" + "61" + "0100" + "FF02" + "50" + "6263646566", new string('a', 277) + "bcdef" },
        { "42" + "61626364" + "0200" + "60" + "65666768696A", "abcdcdcdcdefghij" },
    };

    public static TheoryData<string, string, int> Bad => new()
    {
        { "a distance to before the start", "4A" + "61626364" + "0500" + "50" + "6263646566", 4 + 14 + 5 },
        { "the farthest distance at the start", "4A" + "61626364" + "FFFF" + "50" + "6263646566", 4 + 14 + 5 },
        { "a match before anything was written", "0A" + "0100" + "50" + "6263646566", 14 + 5 },
        { "more literals than there are", "F0FF", 270 },
        { "more literals than there is room", "F00A" + "6162636465666768696A6B6C6D6E6F70717273747576777879", 24 },
        { "a literal length without end", "F0" + string.Concat(Enumerable.Repeat("FF", 400)), 4096 },
        { "a match length without end", "1F" + "61" + "0100" + string.Concat(Enumerable.Repeat("FF", 400)), 4096 },
        { "a match past the room", "1F" + "61" + "0100" + "FFFFFFFFFF00" + "50" + "6263646566", 64 },
        { "a distance cut in half", "1A" + "61" + "01", 15 },
        { "a block that ends in a match", "1A" + "61" + "0100", 15 },
        { "less than was promised", "50" + "68656C6C6F", 6 },
        { "more than was promised", "50" + "68656C6C6F", 4 },
        { "a token for nothing", "00", 1 },
        { "bytes behind the end", "50" + "68656C6C6F" + "00", 5 },
    };

    /// <summary>Short and long copies from distance 0, near the end of the result and far from it.</summary>
    public static string[] ZeroDistance =>
    [
        "1A" + "61" + "0000" + "50" + "6263646566",
        "1F" + "61" + "0000" + "FF02" + "50" + "6263646566",
        "42" + "61626364" + "0000" + "1F" + "61" + "0000" + "80" + "F001" + "61626364656667686162636465666768",
    ];

    public static void AssertDecodes(IPageCodec codec, string hex, string text)
    {
        var block = Convert.FromHexString(hex);
        using var input = new GuardedBytes(block.Length);
        using var output = new GuardedBytes(text.Length);
        var result = output.Take(text.Length, 0);
        Assert.True(codec.TryDecodeExact(input.Take(block), result));
        Assert.Equal(text, Encoding.ASCII.GetString(result));
    }

    public static void AssertRefused(IPageCodec codec, string lie, string hex, int length)
    {
        var block = Convert.FromHexString(hex);
        using var input = new GuardedBytes(block.Length);
        using var output = new GuardedBytes(length);
        Assert.False(codec.TryDecodeExact(input.Take(block), output.Take(length, 0)), lie);
        Assert.True(output.IsIntact(length));
    }
}
