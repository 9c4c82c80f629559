using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using DataPlane.Linux.Host;

namespace DataPlane.Linux.Sockets;

/// <summary>Socket options that .NET has no name for.</summary>
internal static unsafe class TcpTuning
{
    // Offsets in struct tcp_info, which only ever grows at its end.
    private const int UnansweredOffset = 2;
    private const int ProbesOffset = 3;
    private const int RetransmitTimeoutOffset = 8;
    private const int SinceAcknowledgementOffset = 56;
    private const int RoundTripOffset = 68;
    private const int RetransmitsOffset = 100;
    private const int SmallestRoundTripOffset = 148;
    private const int BusyOffset = 168;
    private const int ReceiverLimitedOffset = 176;
    private const int BufferLimitedOffset = 184;
    private const int NeededBytes = 192;

    private const int NotPermitted = 1;
    private const string Available = "tcp_available_congestion_control";
    private const string Allowed = "tcp_allowed_congestion_control";

    /// <summary>
    /// A round trip below this is a loopback or a bridge on one host, where the pacing of bbr costs 1.5 to 1.8 times (measured)
    /// and there is no queue to be kind to.
    /// </summary>
    private const uint LocalRoundTripMicroseconds = 200;

    public static TcpStatus? ReadStatus(Socket socket)
    {
        var info = stackalloc byte[NeededBytes];
        uint length = NeededBytes;
        if (SocketNative.GetOption((int)socket.Handle, SocketNative.TcpLevel, SocketNative.TcpInfo, info, &length) != 0 || length < NeededBytes)
            return null;
        return new TcpStatus(
            *(uint*)(info + SmallestRoundTripOffset), *(uint*)(info + RoundTripOffset), *(uint*)(info + RetransmitsOffset))
        {
            Unanswered = info[UnansweredOffset],
            Probes = info[ProbesOffset],
            RetransmitTimeout = *(uint*)(info + RetransmitTimeoutOffset),
            SinceAcknowledgement = *(uint*)(info + SinceAcknowledgementOffset),
            Busy = *(ulong*)(info + BusyOffset),
            ReceiverLimited = *(ulong*)(info + ReceiverLimitedOffset),
            BufferLimited = *(ulong*)(info + BufferLimitedOffset),
        };
    }

    /// <summary>
    /// Sets the congestion control <paramref name="wanted"/>; <c>auto</c> leaves the system's, but takes cubic (or reno, where cubic is
    /// not allowed) on a round trip under 0.2 ms. Throws <see cref="LinuxException"/> when a named one cannot be had.
    /// </summary>
    public static void SetCongestion(Socket socket, string wanted, uint roundTripMicroseconds)
    {
        if (wanted != "auto")
        {
            if (!TrySetCongestion(socket, wanted))
                throw LinuxException.Last(Named(wanted));
            return;
        }
        if (roundTripMicroseconds is > 0 and < LocalRoundTripMicroseconds && !TrySetCongestion(socket, "cubic"))
            _ = TrySetCongestion(socket, "reno");
    }

    /// <summary>
    /// Says why the congestion control <paramref name="name"/> cannot be had here; null when it can, and for <c>auto</c>. Tried on a socket of
    /// its own, so that a wrong name is found before anybody connects.
    /// </summary>
    public static string? WhyNoCongestion(string name)
    {
        if (name == "auto") return null;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (TrySetCongestion(socket, name)) return null;
        var errno = Marshal.GetLastPInvokeError();
        return errno == NotPermitted ? $"Congestion control '{name}' is not for this user; net.ipv4.{Allowed} has {Words(Allowed)}."
            : $"This host has no congestion control '{name}'; net.ipv4.{Available} has {Words(Available)}.";
    }

    /// <summary>The congestion control in effect; null on sockets that have none.</summary>
    public static string? ReadCongestion(Socket socket)
    {
        var name = stackalloc byte[16];
        uint length = 16;
        return SocketNative.GetOption((int)socket.Handle, SocketNative.TcpLevel, SocketNative.TcpCongestion, name, &length) == 0
            ? Marshal.PtrToStringUTF8((nint)name) : null;
    }

    private static string Named(string wanted) => $"congestion control '{wanted}' (see net.ipv4.{Available})";

    private static string Words(string setting) => new HostFiles().Read($"proc/sys/net/ipv4/{setting}") is { Text: { } names } ? names.Replace(" ", ", ", StringComparison.Ordinal) : "what it does not tell";

    private static bool TrySetCongestion(Socket socket, string name)
    {
        var bytes = Encoding.ASCII.GetBytes(name);
        fixed (byte* pointer = bytes)
        {
            return SocketNative.SetOption(
                (int)socket.Handle, SocketNative.TcpLevel, SocketNative.TcpCongestion, pointer, (uint)bytes.Length) == 0;
        }
    }
}
