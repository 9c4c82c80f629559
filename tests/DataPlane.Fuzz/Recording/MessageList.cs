using System.Buffers.Binary;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Fuzz.Recording;

/// <summary>A control message in its bytes, whatever they are.</summary>
internal sealed record RawMessage(byte[] Header, byte[] Payload)
{
    public ControlMessageType Type =>
        Header.Length < ControlHeader.Size ? ControlMessageType.Invalid : (ControlMessageType)BinaryPrimitives.ReadUInt16LittleEndian(Header.AsSpan(4));

    public IControlMessage? Read() => ControlMessages.Read(Type, Payload);

    /// <summary>The same payload under a header that fits it.</summary>
    public RawMessage Sealed(ControlMessageType type)
    {
        var header = new byte[ControlHeader.Size];
        ControlHeader.Write(header, type, Payload);
        return new RawMessage(header, Payload);
    }
}

/// <summary>A stream of control messages, taken apart to be changed message by message. A rest that is no whole message stays as it is.</summary>
internal sealed record MessageList(List<RawMessage> Items, byte[] Rest)
{
    public static MessageList Parse(ReadOnlySpan<byte> bytes)
    {
        var items = new List<RawMessage>();
        while (bytes.Length >= ControlHeader.Size && ControlHeader.TryRead(bytes, out var header, out _) && bytes.Length - ControlHeader.Size >= header.Length)
        {
            items.Add(new RawMessage(bytes[..ControlHeader.Size].ToArray(), bytes.Slice(ControlHeader.Size, header.Length).ToArray()));
            bytes = bytes[(ControlHeader.Size + header.Length)..];
        }
        return new MessageList(items, bytes.ToArray());
    }

    public byte[] Bytes() => [.. Items.SelectMany(item => item.Header.Concat(item.Payload)), .. Rest];
}
