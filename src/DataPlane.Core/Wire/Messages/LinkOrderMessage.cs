namespace DataPlane.Core.Wire.Messages;

/// <summary>What the client of a link measurement asks of the server.</summary>
internal enum LinkOrderKind : byte
{
    Invalid = 0,

    /// <summary>Say how far you are: LINK-SAMPLE.</summary>
    Sample = 1,

    /// <summary>Send all the memory again and again, until another order. LINK-DONE when the channels have been told.</summary>
    Bulk = 2,

    /// <summary>Send a fence, and nothing more. LINK-DONE when it is answered.</summary>
    Fence = 3,

    /// <summary>Send so many bytes of pages scattered over the memory, and a fence. LINK-DONE when that is answered.</summary>
    FinalSet = 4,

    /// <summary>That was all. The server tidies up and closes the connection. The argument says how many more measurements this client makes at once.</summary>
    End = 5,
}

/// <param name="Number">From 1; what comes back bears it.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Argument">Bytes of a final set, measurements that follow an end; else 0.</param>
internal sealed record LinkOrderMessage(uint Number, LinkOrderKind Kind, long Argument) : IControlMessage<LinkOrderMessage>
{
    public ControlMessageType Type => ControlMessageType.LinkOrder;

    public void Write(WireWriter writer)
    {
        writer.U32(Number);
        writer.U8((byte)Kind);
        writer.I64(Argument);
    }

    public static LinkOrderMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new LinkOrderMessage(reader.U32(), (LinkOrderKind)reader.U8(), reader.I64());
        return reader.AtEnd ? message : null;
    }
}
