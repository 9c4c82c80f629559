using System.Buffers.Binary;
using System.Text;
using DataPlane.Linux.Sockets;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Linux.Host;

/// <summary>
/// The queueing disciplines of this network namespace, asked of the kernel over rtnetlink (RTM_GETQDISC), which needs no privilege and changes nothing.
/// </summary>
/// <remarks>
/// <code>
/// message    0 length u32, 4 type u16, 6 flags u16, 8 sequence u32, 12 port u32; then, of a discipline:
/// tcmsg     16 family u8, 20 interface i32, 24 handle u32, 28 parent u32, 32 info u32; from 36 on attributes
/// attribute  0 length u16 with these four bytes, 2 kind u16; each begins at a multiple of four
/// tbf        in TCA_OPTIONS: TCA_TBF_PARMS, whose first struct tc_ratespec has its rate at 8, u32; TCA_TBF_RATE64, u64, where that is too little
/// </code>
/// </remarks>
internal static unsafe class QueueRules
{
    private const int NetlinkFamily = 16, RawCloseOnExec = 3 | 0x80000, RouteProtocol = 0;
    private const int DoNotWait = 0x40; // The kernel answers within the call that asks.
    private const ushort GetDiscipline = 38, NewDiscipline = 36, Error = 2, Done = 3;
    private const ushort DumpRequest = 0x301; // NLM_F_REQUEST, NLM_F_DUMP.
    private const int HeaderBytes = 16, MessageBytes = 20;
    private const ushort KindAttribute = 1, OptionsAttribute = 2, TbfParameters = 1, TbfRate64 = 4;
    private const uint Root = 0xffff_ffff;

    /// <summary>Null where the kernel does not tell.</summary>
    public static IReadOnlyList<QueueRule>? Read()
    {
        var number = SocketNative.Create(NetlinkFamily, RawCloseOnExec, RouteProtocol);
        if (number < 0) return null;
        using var socket = new SafeFileHandle(number, ownsHandle: true);
        Span<byte> request = stackalloc byte[HeaderBytes + MessageBytes];
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], GetDiscipline);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], DumpRequest);
        if (Move(number, request, isAnswer: false) != request.Length) return null;
        var rules = new List<QueueRule>();
        var answer = new byte[1 << 16]; // A dump comes in pieces of at most 32 KiB.
        while (Move(number, answer, isAnswer: true) is > 0 and var read)
            if (TryParse(answer.AsSpan(0, (int)read), rules) is { } whole)
                return whole ? rules : null;
        return null;
    }

    /// <summary>
    /// Adds the disciplines in <paramref name="answer"/>. True where it ends the list, false where it is none or an error, null where more is to come.
    /// </summary>
    public static bool? TryParse(ReadOnlySpan<byte> answer, List<QueueRule> rules)
    {
        while (answer.Length >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(answer);
            if (length < HeaderBytes || length > answer.Length) return false;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]))
            {
                case Done: return true;
                case Error: return false;
                case NewDiscipline when length >= HeaderBytes + MessageBytes: rules.Add(Rule(answer[HeaderBytes..length])); break;
            }
            answer = answer[Math.Min(Aligned(length), answer.Length)..];
        }
        return null;
    }

    private static QueueRule Rule(ReadOnlySpan<byte> message)
    {
        var attributes = message[MessageBytes..];
        var kind = Encoding.ASCII.GetString(Attribute(attributes, KindAttribute)).TrimEnd('\0');
        return new QueueRule(
            BinaryPrimitives.ReadInt32LittleEndian(message[4..]), kind, BinaryPrimitives.ReadUInt32LittleEndian(message[12..]) == Root,
            kind == "tbf" ? TbfRate(Attribute(attributes, OptionsAttribute)) : null);
    }

    private static long? TbfRate(ReadOnlySpan<byte> options)
    {
        if (Attribute(options, TbfRate64) is { Length: >= 8 } large) return (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(large));
        return Attribute(options, TbfParameters) is { Length: >= 12 } parameters ? BinaryPrimitives.ReadUInt32LittleEndian(parameters[8..]) : null;
    }

    /// <summary>What is in the first attribute of <paramref name="kind"/>; empty where there is none.</summary>
    private static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> attributes, ushort kind)
    {
        while (attributes.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < 4 || length > attributes.Length) return default;
            if ((BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & 0x3fff) == kind) return attributes[4..length]; // Above are flags.
            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }
        return default;
    }

    private static int Aligned(int length) => (length + 3) & ~3;

    private static nint Move(int socket, Span<byte> bytes, bool isAnswer)
    {
        // SAFETY: the piece and its message live on this frame, and the bytes stay where they are until the call has returned.
        fixed (byte* at = bytes)
        {
            var piece = new IoVector { Base = at, Length = (nuint)bytes.Length };
            var message = new MessageHeader { Vectors = &piece, VectorCount = 1 };
            return isAnswer ? SocketNative.ReceiveMessage(socket, &message, DoNotWait) : SocketNative.SendMessage(socket, &message, 0);
        }
    }
}
