using System.Net;
using System.Net.Sockets;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Link;

/// <summary>A server as people name it: a host as iperf3 takes one, or an address as everywhere else.</summary>
internal static class LinkHost
{
    /// <summary>False where the text is neither.</summary>
    public static bool TryRead(string text, out MigrationAddress? address)
    {
        if (text.StartsWith("tcp:", StringComparison.Ordinal) || text.StartsWith("unix:", StringComparison.Ordinal))
            return MigrationAddress.TryParse(text, out address, out _) && address!.Port + (address.Path?.Length ?? 0) > 0;
        // Between brackets .NET takes a port for a part of the address.
        if (!text.StartsWith('[') && IPAddress.TryParse(text, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6) text = $"[{text}]";
        var hasPort = text.LastIndexOf(':') > text.LastIndexOf(']');
        return MigrationAddress.TryParse(hasPort ? $"tcp:{text}" : $"tcp:{text}:{LinkOptions.DefaultPort}", out address, out _) && address!.Port > 0;
    }
}
