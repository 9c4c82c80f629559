using System.Runtime.InteropServices;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Fuzz.Recording;

/// <summary>A frame in its bytes, whatever they are.</summary>
internal sealed class RawFrame(FrameHeader header, byte[] payload)
{
    private FrameHeader _header = header;

    public ref FrameHeader Header => ref _header;

    public Span<byte> HeaderBytes => MemoryMarshal.AsBytes(new Span<FrameHeader>(ref _header));

    public byte[] Payload { get; set; } = payload;

    public RawFrame Copy() => new(_header, [.. Payload]);
}

/// <summary>The frames of one data channel, taken apart to be changed frame by frame.</summary>
internal sealed record FrameList(List<RawFrame> Items, byte[] Rest)
{
    public static FrameList Parse(ReadOnlySpan<byte> bytes)
    {
        var items = new List<RawFrame>();
        while (bytes.Length >= FrameHeader.Size)
        {
            var header = MemoryMarshal.Read<FrameHeader>(bytes);
            if (header.Magic != FrameHeader.MagicValue || header.PayloadLength > bytes.Length - FrameHeader.Size) break;
            items.Add(new RawFrame(header, bytes.Slice(FrameHeader.Size, (int)header.PayloadLength).ToArray()));
            bytes = bytes[(FrameHeader.Size + (int)header.PayloadLength)..];
        }
        return new FrameList(items, bytes.ToArray());
    }

    public byte[] Bytes()
    {
        var bytes = new byte[Items.Sum(frame => FrameHeader.Size + frame.Payload.Length) + Rest.Length];
        var at = 0;
        foreach (var frame in Items)
        {
            frame.HeaderBytes.CopyTo(bytes.AsSpan(at));
            frame.Payload.CopyTo(bytes, at + FrameHeader.Size);
            at += FrameHeader.Size + frame.Payload.Length;
        }
        Rest.CopyTo(bytes, at);
        return bytes;
    }

    /// <summary>The bytes up to and with each fence, and what is left behind the last.</summary>
    public List<byte[]> UpToFences()
    {
        var parts = new List<byte[]>();
        var begin = 0;
        for (var i = 0; i < Items.Count; i++)
        {
            if (Items[i].Header.Kind != FrameKind.Fence) continue;
            parts.Add(new FrameList(Items[begin..(i + 1)], []).Bytes());
            begin = i + 1;
        }
        parts.Add(new FrameList(Items[begin..], Rest).Bytes());
        return parts;
    }

    /// <summary>
    /// Makes headers good again around what they hold, so that what is wrong in them comes past the checksums: numbers in order, checksums of
    /// payloads, digests of fences, as asked; the header's own checksum always.
    /// </summary>
    public void Seal(bool renumber, bool payloads, bool digests, bool pageSums)
    {
        FrameDigest digest = default;
        ulong sequence = 0;
        foreach (var frame in Items)
        {
            if (renumber) frame.Header.Sequence = ++sequence;
            if (payloads) frame.Header.PayloadChecksum = ChecksumOf(frame, pageSums);
            if (digests && frame.Header.Kind == FrameKind.Fence) frame.Header.Digest = digest.Value;
            frame.Header.Seal();
            digest.Add(frame.Header);
        }
    }

    private static uint ChecksumOf(RawFrame frame, bool pageSums)
    {
        if (frame.Payload.Length == 0) return 0;
        if (frame.Header.Encoding != 0 || frame.Header.Kind == FrameKind.DeviceState) return Crc32c.Of(frame.Payload);
        var sums = pageSums ? DataPlane.Core.Memory.PageMask.Count(frame.Header.PageMap) * FrameHeader.SumSize : 0;
        return sums == 0 ? 0 : Crc32c.Of(frame.Payload.AsSpan(0, Math.Min(sums, frame.Payload.Length)));
    }
}
