using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DataPlane.Cli.Units;

namespace DataPlane.Cli.Options;

/// <summary>Readers of the values that are no bare unit: numbers in a range, one of several names, <c>auto</c>.</summary>
internal static class Readers
{
    private static readonly SearchValues<char> _schemeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    public static ValueReader<int> Int(int least, int most) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    public static bool Seed(string text, out ulong? value)
    {
        var read = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed);
        value = seed;
        return read;
    }

    /// <summary>A value, or the word that stands for "none given".</summary>
    public static ValueReader<T?> Or<T>(string word, ValueReader<T> read)
        where T : struct => (string text, out T? value) =>
    {
        value = null;
        if (text == word) return true;
        if (!read(text, out var given)) return false;
        value = given;
        return true;
    };

    public static ValueReader<long> Size(long least, long multiple) => (string text, out long bytes) =>
        ByteSize.TryParse(text, out bytes) && bytes >= least && bytes % multiple == 0;

    public static ValueReader<long> Rate(long least, long most) => (string text, out long rate) =>
        ByteRate.TryParse(text, out rate) && rate >= least && rate <= most;

    public static ValueReader<TimeSpan> Time(TimeSpan least, TimeSpan most) => (string text, out TimeSpan time) =>
        Duration.TryParse(text, out time) && time >= least && time <= most;

    public static ValueReader<string> OneOf(params string[] words) => (string text, out string value) =>
    {
        value = text;
        return words.Contains(text, StringComparer.Ordinal);
    };

    /// <summary>The members of an enum by their names in small letters.</summary>
    public static ValueReader<T> Member<T>()
        where T : struct, Enum => (string text, out T value) =>
    {
        foreach (var member in Enum.GetValues<T>())
        {
            value = member;
            if (Name(member) == text) return true;
        }
        value = default;
        return false;
    };

    public static string Name<T>(T member)
        where T : struct, Enum => member.ToString().ToLowerInvariant();

    public static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Name));

    public static bool Text(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    /// <summary>A path. A URL is none: it would be taken for a folder "ftp:", and missed there.</summary>
    public static bool File(string text, out string value)
    {
        value = text;
        return text.Length > 0 && Scheme(text) is null;
    }

    /// <summary>The scheme of a URL, with <c>://</c> at its end; null where the text is none.</summary>
    public static string? Scheme(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        return end > 0 && char.IsAsciiLetter(text[0]) && text.AsSpan(0, end).IndexOfAnyExcept(_schemeLetters) < 0 ? text[..(end + 3)] : null;
    }

    /// <summary>An address that needs no name resolved, and a port.</summary>
    public static bool Literal(string text, out IPEndPoint? value)
    {
        value = null;
        const string scheme = "tcp:";
        var colon = text.LastIndexOf(':');
        if (!text.StartsWith(scheme, StringComparison.Ordinal) || colon < scheme.Length) return false;
        var host = text[scheme.Length..colon];
        if (host.StartsWith('[') != host.EndsWith(']')) return false;
        if (!LocalAddress(host.Trim('[', ']'), out var address) || (address.AddressFamily == AddressFamily.InterNetworkV6) != host.StartsWith('[')) return false;
        if (!Int(0, ushort.MaxValue)(text[(colon + 1)..], out var port)) return false;
        value = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>In full: what the system also takes for an address, "1" for 0.0.0.1, is a slip here.</summary>
    public static bool LocalAddress(string text, out IPAddress value)
    {
        var read = IPAddress.TryParse(text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.Contains('[', StringComparison.Ordinal) : address.ToString() == text);
        value = address!;
        return read;
    }

    public static bool Address(string text, out MigrationAddress value)
    {
        var read = MigrationAddress.TryParse(text, out var address, out _);
        value = address!;
        return read;
    }
}
