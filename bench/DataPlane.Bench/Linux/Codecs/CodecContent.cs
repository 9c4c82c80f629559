using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Linux.Codecs;

/// <summary>A stripe of pages without a zero page, as the channels hand to a codec. Made once, so that all cases see the same bytes.</summary>
internal static class CodecContent
{
    private static readonly Lazy<byte[]> s_dump = new(Dump);
    private static readonly Lazy<byte[]> s_text = new(Text);
    private static readonly Lazy<byte[]> s_random = new(Random);

    /// <summary>This process' own memory; words as in logs; or bytes that do not compress.</summary>
    public static byte[] Of(string name) => name switch
    {
        "dump" => s_dump.Value,
        "text" => s_text.Value,
        _ => s_random.Value,
    };

    // Pages of the runtime's heap, data and stacks stand for those of a guest. They are spread evenly over all there are: the first ones
    // would be of one kind.
    private static byte[] Dump()
    {
        using var memory = File.OpenHandle("/proc/self/mem");
        var pages = new List<byte[]>();
        foreach (var line in File.ReadAllLines("/proc/self/maps"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!fields[1].StartsWith("rw", StringComparison.Ordinal)) continue;
            var range = Array.ConvertAll(fields[0].Split('-'), text => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            for (var at = range[0]; at < range[1] && pages.Count < 64 * PagesPerStripe; at += PageSize)
                if (TryRead(memory, at) is { } page) pages.Add(page);
        }
        var dump = new byte[StripeSize];
        for (var page = 0; page < PagesPerStripe; page++)
            pages[(int)((long)page * pages.Count / PagesPerStripe)].CopyTo(dump, page * PageSize);
        return dump;
    }

    private static byte[]? TryRead(SafeFileHandle memory, long address)
    {
        var page = new byte[PageSize];
        try
        {
            if (RandomAccess.Read(memory, page, address) < PageSize) return null;
        }
        catch (IOException)
        {
            return null; // Reserved, but not memory.
        }
        return page.AsSpan().ContainsAnyExcept((byte)0) ? page : null;
    }

    private static byte[] Text()
    {
        string[] words = ["memory", "guest", "the", "of", "and", "written", "INFO", "time=", "10.0.0.", "status=200", "GET", "/api/v1/items/", "user"];
        var random = new Random(1);
        var text = new StringBuilder(StripeSize + 64);
        while (text.Length < StripeSize)
        {
            text.Append(words[random.Next(words.Length)]);
            if (random.Next(6) == 0) text.Append(random.Next(65536));
            text.Append(random.Next(12) == 0 ? '\n' : ' ');
        }
        return Encoding.ASCII.GetBytes(text.ToString(0, StripeSize));
    }

    private static byte[] Random()
    {
        var bytes = new byte[StripeSize];
        new Random(2).NextBytes(bytes);
        return bytes;
    }
}
