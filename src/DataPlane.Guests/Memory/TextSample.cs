using System.Text;

namespace DataPlane.Guests.Memory;

/// <summary>A long stretch of words that compresses about as prose and logs do. Pages take their text from places of their own in it.</summary>
internal static class TextSample
{
    private const int Length = 1 << 18;

    private static readonly string[] Words =
    [
        "memory", "guest", "page", "the", "of", "and", "to", "in", "is", "was", "written", "before", "after", "request", "response",
        "INFO", "WARN", "index", "value", "table", "node", "10.0.0.", "connected", "user", "session", "cache", "hit", "miss", "time=",
        "ms", "bytes", "with", "for", "on", "that", "had", "been", "status=200", "status=404", "GET", "POST", "/api/v1/items/", "key",
    ];

    public static byte[] Make(ulong seed)
    {
        var text = new StringBuilder(Length + 64);
        for (var state = SplitMix.Hash(seed); text.Length < Length; state = SplitMix.Hash(state))
        {
            text.Append(Words[(int)(state % (uint)Words.Length)]);
            if ((state >> 32 & 7) == 0) text.Append(state >> 40 & 0xFFFF);
            text.Append((state >> 60) == 0 ? '\n' : ' ');
        }
        return Encoding.ASCII.GetBytes(text.ToString(0, Length));
    }
}
