using System.Buffers;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Fuzz.Mutation;
using DataPlane.Fuzz.Recording;

namespace DataPlane.Fuzz.Targets;

/// <summary>
/// Every control message by itself, in both directions. Reading costs no more memory than the bytes are worth, and what is read can be
/// written and read again as the same.
/// </summary>
internal sealed class MessageTarget : IFuzzTarget
{
    // The dearest bytes are empty names: an item of 18 bytes becomes an object of 48, an empty text shared by all. Bytes that are no UTF-8
    // become two each in memory. Eight times is beyond both.
    private const int MostPerByte = 8;
    private const int MostAtAll = 4 << 10;

    private readonly RawMessage[] _messages =
    [
        .. MessageList.Parse(Recordings.Whole.Messages).Items, .. MessageList.Parse(Recordings.Whole.Answers).Items,
        Failed(),
    ];

    public string Name => "message";

    public byte[] Make(Random random)
    {
        var message = MessageMutations.Change(_messages[random.Next(_messages.Length)], random);
        return [.. message.Header, .. message.Payload];
    }

    public Task RunAsync(byte[] input)
    {
        if (input.Length < ControlHeader.Size || !ControlHeader.TryRead(input, out var header, out _)) return Task.CompletedTask;
        if (header.Length > input.Length - ControlHeader.Size) return Task.CompletedTask;
        var payload = input.AsSpan(ControlHeader.Size, header.Length);
        if (ControlHeader.ChecksumOf(input, payload) == header.Checksum && header != Rewritten(header, payload, input))
            throw new FuzzFault("The header of a control message was read that says more than what was read of it.");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = ControlMessages.Read(header.Type, payload);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MostAtAll + (MostPerByte * (long)payload.Length))
            throw new FuzzFault($"Reading {payload.Length} bytes of type {header.Type} allocated {allocated}.");
        if (message is not null) CheckRoundTrip(message);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }

    private static void CheckRoundTrip(IControlMessage message)
    {
        var once = Written(message);
        var again = ControlMessages.Read(message.Type, once) ?? throw new FuzzFault($"A message {message.Type} that was read and written can not be read.");
        if (!Written(again).AsSpan().SequenceEqual(once)) throw new FuzzFault($"A message {message.Type} changes each time it is read and written.");
    }

    private static ControlHeader? Rewritten(ControlHeader header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> input)
    {
        Span<byte> bytes = stackalloc byte[ControlHeader.Size];
        ControlHeader.Write(bytes, header.Type, payload);
        return bytes.SequenceEqual(input[..ControlHeader.Size]) ? header : null;
    }

    private static byte[] Written(IControlMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        message.Write(new WireWriter(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    private static RawMessage Failed() => new RawMessage(
        [], Written(new FailedMessage(DataPlane.Core.Errors.MigrationErrorCode.Refused, "step", "words"))).Sealed(ControlMessageType.Failed);
}
