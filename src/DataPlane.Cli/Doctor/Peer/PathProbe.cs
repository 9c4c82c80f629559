using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace DataPlane.Cli.Doctor;

/// <summary>
/// Datagrams that may not be cut on their way: the largest that comes through tells what the path takes. One that is too large is either refused, since a router has said so and
/// the kernel remembers, or vanishes: that is a black hole, in which TCP's full packets vanish too.
/// </summary>
/// <remarks>A datagram is the mark, the token, the number of the try, and zeros; the answer is the mark, the token, that number, and how many bytes came.</remarks>
internal static class PathProbe
{
    public const int HeaderBytes = 24;

    private const ulong Mark = 0x4d54_5544_5044_5044;
    private const int Tries = 3;

    // Every link carries it (RFC 791); where that does not come through, nothing does.
    private const int LeastPacket = 576;
    private const int MostPacket = 65_535;
    // Of Ethernet, and below it what PPPoE, VXLAN, WireGuard and the rest take away.
    private static readonly int[] _usual = [1500, 1492, 1480, 1450, 1420, 1400, 1280];

    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(150);

    /// <summary>An address as it goes on the wire: a socket of both kinds writes IPv4 in IPv6's form.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>A socket that sends no datagram in parts.</summary>
    public static Socket Create(AddressFamily family)
    {
        const int Ip = 0, IpMtuDiscover = 10, Ip6 = 41, Ip6MtuDiscover = 23, Do = 2; // As linux/in.h and linux/in6.h number them.
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(family == AddressFamily.InterNetworkV6 ? Ip6 : Ip, family == AddressFamily.InterNetworkV6 ? Ip6MtuDiscover : IpMtuDiscover, BitConverter.GetBytes(Do));
        return socket;
    }

    /// <summary>
    /// What the path to <paramref name="answerer"/> takes: a packet's bytes with its headers, at most <paramref name="most"/>; null where no datagram comes through at all. And
    /// whether larger ones vanish, rather than being refused.
    /// </summary>
    public static async Task<(int? Mtu, bool Vanish)> MeasureAsync(IPEndPoint answerer, ulong token, int most, TimeSpan roundTrip, CancellationToken cancel)
    {
        using var socket = Create(answerer.AddressFamily);
        await socket.ConnectAsync(answerer, cancel);
        var headers = answerer.AddressFamily == AddressFamily.InterNetworkV6 ? 48 : 28;
        var (good, vanish) = (LeastPacket, false);
        if (await PassesAsync(good) != Fate.Through) return (null, false);
        var bad = Math.Min(most, MostPacket) + 1;
        // The usual case first: all of it comes through.
        for (var next = bad - 1; good < bad - 1; next = Next(good, bad))
        {
            var fate = await PassesAsync(next);
            if (fate == Fate.Through) good = next;
            else bad = next;
            vanish |= fate == Fate.Vanished;
        }
        return (good, vanish);

        // What paths take is mostly one of a few sizes, and not a byte more; each try that fails takes its time.
        static int Next(int good, int bad) => Array.IndexOf(_usual, good) >= 0 ? good + 1
            : Array.Find(_usual, size => size > good && size < bad) is > 0 and var usual ? usual
            : good + ((bad - good) / 2);

        async Task<Fate> PassesAsync(int packet)
        {
            var bytes = new byte[packet - headers];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, Mark);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), token);
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                // Late answers of other sizes are told apart by the size that they name.
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), attempt);
                try
                {
                    _ = await socket.SendAsync(bytes, cancel);
                    if (await IsAnsweredAsync(socket, token, bytes.Length, _patience + (4 * roundTrip), cancel)) return Fate.Through;
                }
                catch (SocketException tooLarge) when (tooLarge.SocketErrorCode == SocketError.MessageSize)
                {
                    return Fate.Refused;
                }
                catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    // The word of an earlier datagram's fate: nobody is there, or not any more.
                }
            }
            return Fate.Vanished;
        }
    }

    /// <summary>Answers what carries <paramref name="token"/> and nothing else, until <paramref name="cancel"/>. An answer is never longer than what it answers.</summary>
    public static async Task AnswerAsync(Socket socket, ulong token, CancellationToken cancel)
    {
        var bytes = new byte[MostPacket];
        EndPoint any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var come = await socket.ReceiveFromAsync(bytes, any, cancel);
                if (!IsOurs(bytes.AsSpan(0, come.ReceivedBytes), token)) continue;
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), come.ReceivedBytes);
                _ = await socket.SendToAsync(bytes.AsMemory(0, HeaderBytes), come.RemoteEndPoint, cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Of one answer that could not be sent; the next question is as good.
            }
        }
    }

    private static async Task<bool> IsAnsweredAsync(Socket socket, ulong token, int size, TimeSpan patience, CancellationToken cancel)
    {
        var answer = new byte[HeaderBytes];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(answer, limit.Token);
                if (count == HeaderBytes && IsOurs(answer, token) && BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(16)) == size) return true;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool IsOurs(ReadOnlySpan<byte> bytes, ulong token) =>
        bytes.Length >= HeaderBytes && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Mark && BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) == token;

    private enum Fate
    {
        Through,
        Refused,
        Vanished,
    }
}
