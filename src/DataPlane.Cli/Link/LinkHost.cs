using System.Net;
using System.Net.Sockets;

namespace DataPlane.Cli.Link;

/// <summary>A host that answers as people name it: as iperf3 takes one, or an address as everywhere else.</summary>
internal static class LinkHost
{
    /// <summary>False where the text is neither; without a port in it, <paramref name="port"/> is meant.</summary>
    public static bool TryRead(string text, int port, out MigrationAddress? address)
    {
        if (text.StartsWith("tcp:", StringComparison.Ordinal) || text.StartsWith("unix:", StringComparison.Ordinal))
            return MigrationAddress.TryParse(text, out address, out _) && address!.Port + (address.Path?.Length ?? 0) > 0;
        // Between brackets .NET takes a port for a part of the address.
        if (!text.StartsWith('[') && IPAddress.TryParse(text, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6) text = $"[{text}]";
        var hasPort = text.LastIndexOf(':') > text.LastIndexOf(']');
        return MigrationAddress.TryParse(hasPort ? $"tcp:{text}" : $"tcp:{text}:{port}", out address, out _) && address!.Port > 0;
    }
}
