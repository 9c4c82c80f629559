using System.Buffers;
using DataPlane.Core.Wire.Frames;
using DataPlane.Fuzz.Mutation;
using DataPlane.Fuzz.Recording;

namespace DataPlane.Fuzz.Targets;

/// <summary>Changes one message or one frame of a live connection on its way. What stands before the first of them goes through as it is.</summary>
internal sealed class ItemTap(bool isControl, int number, Random random)
{
    private readonly ArrayBufferWriter<byte> _held = new();
    private bool _begun;
    private int _seen;

    public ReadOnlyMemory<byte> Pass(ReadOnlyMemory<byte> chunk)
    {
        if (_seen > number) return chunk;
        _held.Write(chunk.Span);
        byte[] bytes = [.. _held.WrittenSpan];
        var start = _begun ? 0 : bytes.AsSpan().IndexOf(isControl ? "DPC1"u8 : "DPF1"u8);
        if (start < 0) return Release([]); // A preamble, whole or in part: nothing to change yet.
        _begun = true;
        return isControl ? Messages(bytes, start) : Frames(bytes, start);
    }

    private ReadOnlyMemory<byte> Messages(byte[] bytes, int start)
    {
        var list = MessageList.Parse(bytes.AsSpan(start));
        if (number < _seen + list.Items.Count) list.Items[number - _seen] = MessageMutations.Change(list.Items[number - _seen], random);
        _seen += list.Items.Count;
        return Release([.. bytes[..start], .. (list with { Rest = [] }).Bytes()], list.Rest);
    }

    private ReadOnlyMemory<byte> Frames(byte[] bytes, int start)
    {
        var list = FrameList.Parse(bytes.AsSpan(start));
        if (number < _seen + list.Items.Count)
        {
            var frame = list.Items[number - _seen];
            Numbers.Change(frame.HeaderBytes[(4 * random.Next(1, FrameHeader.Size / 4))..], 4, random);
            if (random.Next(3) > 0) frame.Header.Seal();
        }
        _seen += list.Items.Count;
        return Release([.. bytes[..start], .. (list with { Rest = [] }).Bytes()], list.Rest);
    }

    private ReadOnlyMemory<byte> Release(byte[] bytes, byte[] rest)
    {
        _held.ResetWrittenCount();
        if (_seen > number) return (byte[])[.. bytes, .. rest]; // It is done: the rest need not wait for its end.
        _held.Write(rest);
        return bytes;
    }

    private ReadOnlyMemory<byte> Release(byte[] nothing)
    {
        byte[] all = [.. nothing, .. _held.WrittenSpan];
        _held.ResetWrittenCount();
        return all;
    }
}
