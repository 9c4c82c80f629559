using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataPlane;

/// <summary>Where to listen or connect: <c>tcp:HOST:PORT</c>, <c>tcp:[::1]:PORT</c> or <c>unix:PATH</c>. Port 0 picks a free one.</summary>
public sealed record MigrationAddress
{
    private const int MaxPathBytes = 107; // sun_path holds 108, the last of them the terminating zero.

    private MigrationAddress(string? host, int port, string? path) => (Host, Port, Path) = (host, port, path);

    /// <summary>Host name or address; null for UNIX sockets.</summary>
    public string? Host { get; }

    /// <summary>TCP port; 0 for UNIX sockets.</summary>
    public int Port { get; }

    /// <summary>Path of a UNIX socket; null for TCP.</summary>
    public string? Path { get; }

    /// <summary>Reads an address. Returns false, with a sentence that names the accepted forms, when it is none.</summary>
    public static bool TryParse(string text, out MigrationAddress? address, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = text.StartsWith("unix:", StringComparison.Ordinal) ? ParseUnix(text[5..])
            : text.StartsWith("tcp:", StringComparison.Ordinal) ? ParseTcp(text[4..])
            : null;
        fault = address is null ? $"'{text}' is not an address; accepted: tcp:HOST:PORT, tcp:[IPV6]:PORT, unix:PATH with a path of at most {MaxPathBytes} bytes." : null;
        return address is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Path is not null ? $"unix:{Path}" : Host!.Contains(':', StringComparison.Ordinal) ? $"tcp:[{Host}]:{Port}" : $"tcp:{Host}:{Port}";

    internal static MigrationAddress Of(EndPoint end) => end is IPEndPoint ip
        ? new MigrationAddress(ip.Address.ToString(), ip.Port, null)
        : new MigrationAddress(null, 0, ((UnixDomainSocketEndPoint)end).ToString());

    private static MigrationAddress? ParseUnix(string path) =>
        Encoding.UTF8.GetByteCount(path) is > 0 and <= MaxPathBytes && !path.Contains('\0', StringComparison.Ordinal) ? new MigrationAddress(null, 0, path) : null;

    private static MigrationAddress? ParseTcp(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            return IPAddress.TryParse(host[1..^1], out var six) && six.AddressFamily == AddressFamily.InterNetworkV6
                ? new MigrationAddress(host[1..^1], port, null) : null;
        return host.Any(sign => sign is ':' or '[' or ']' || char.IsWhiteSpace(sign) || char.IsControl(sign)) ? null : new MigrationAddress(host, port, null);
    }
}
