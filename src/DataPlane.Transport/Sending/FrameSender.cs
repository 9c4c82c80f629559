using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Sockets;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Builds frames and sends them from guest memory: headers stand in memory of its own, payload is named by pointer, and one
/// call takes as many small frames as fit. Used by one thread; owns its native buffers, not the socket.
/// </summary>
internal sealed unsafe class FrameSender : IDisposable
{
    // A stripe in alternating pages is 256 runs, a header and the checksums: three such frames fit in one call's 1,024 pieces.
    private const int MaxFrameVectors = (PageGeometry.PagesPerStripe / 2) + 2;

    // Frames of one or two pages are batched by 64: 11 KiB of headers, and the call's fixed 2 us are spread to 30 ns each.
    private const int MaxHeaders = 64;

    // Enough bytes to make the call worth it: above 512 KiB a larger write gained nothing (a bare sender and
    // receiver on one host: 64 KiB 3.6, 256 KiB 4.5, 512 KiB 5.5, 1 MiB 6.4 GB/s on one channel, flat on two).
    private const long EnoughBytes = 512 << 10;

    // References to pages go by calls of their own, up to three of some 2 us each beyond what they move: as long as a copy of 64 KiB at 10 GB/s.
    private const int PagesWorthLending = 16;

    private readonly IDataConnection _socket;
    private readonly BandwidthCap? _cap;
    private readonly SumArena? _sums; // There when a checksum of each page travels with it.
    private readonly HeaderSlots _slots;
    private FrameHeader* _headers; // For frames whose slots are not free.
    private IoVector* _vectors;
    private FrameDigest _digest;
    private ulong _sequence;
    private int _headerCount;
    private int _vectorCount;
    private long _bytes;
    private bool _mayLend; // All that has been added stays as it is until it is placed.

    /// <param name="socket">Where to; stays the caller's.</param>
    /// <param name="unacknowledged">The frames on their way. Each is added there before it is here.</param>
    /// <param name="cap">The bandwidth shared with other channels; null for none.</param>
    /// <param name="pageSums">Whether a checksum of each page travels with it.</param>
    public FrameSender(IDataConnection socket, UnacknowledgedRing unacknowledged, BandwidthCap? cap = null, bool pageSums = false)
    {
        _socket = socket;
        _slots = new HeaderSlots(unacknowledged);
        _cap = cap;
        _sums = pageSums ? new SumArena() : null;
        _headers = (FrameHeader*)NativeMemory.AlignedAlloc((nuint)(MaxHeaders * FrameHeader.Size), 64);
        _vectors = (IoVector*)NativeMemory.AlignedAlloc((nuint)(SocketNative.MaxVectors * sizeof(IoVector)), 64);
    }

    /// <summary>Timestamp ticks spent in socket calls.</summary>
    public long BlockedTicks { get; private set; }

    /// <summary>Socket calls made.</summary>
    public long Calls { get; private set; }

    /// <summary>Payload bytes of <paramref name="pages"/> pages that travel as they are.</summary>
    public int PayloadOf(int pages) => pages * (PageGeometry.PageSize + (_sums is null ? 0 : FrameHeader.SumSize));

    /// <summary>Adds a frame with the pages of <paramref name="pages"/>, and word that those of <paramref name="zeros"/> are zero.</summary>
    public void AddPages(RamBlock block, int stripe, uint pass, in StripeWords pages, in StripeWords zeros)
    {
        var header = Next(FrameKind.Pages);
        header->Block = (ushort)block.Index;
        header->Index = (uint)stripe;
        header->Pass = pass;
        header->PageMap = pages;
        header->ZeroMap = zeros;
        var count = PageMask.Count(pages);
        header->PayloadLength = (uint)PayloadOf(count);
        // Summed here and read again by the kernel: of a page that is written in between the destination knows that its copy is none to
        // keep, and the write has marked the page for another.
        var sums = _sums is null || count == 0 ? [] : MemoryMarshal.AsBytes(_sums.Add(block, stripe, pages, count));
        if (sums.Length > 0) header->PayloadChecksum = Crc32c.Of(sums);
        Finish(header);
        if (sums.Length > 0) AddPassing((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(sums)), sums.Length);
        var copied = _vectorCount;
        for (var page = 0; PageMask.NextRun(pages, page, out var start, out var run); page = start + run)
            AddVector(GuestMemory.Pages(block, stripe, start, run), (nuint)run << PageGeometry.PageShift);
        if (count < PagesWorthLending || _cap is { IsActive: true }) FlushIfEnough();
        else Lend(copied);
    }

    /// <summary>
    /// As <see cref="AddPages"/>, with the pages encoded: <paramref name="length"/> bytes, their checksums first where they carry them, which must stay in place until the next flush.
    /// </summary>
    public void AddEncoded(
        RamBlock block, int stripe, uint pass, in StripeWords pages, in StripeWords zeros, PageEncoding encoding, byte* bytes, int length)
    {
        var header = Next(FrameKind.Pages);
        header->Encoding = (byte)encoding;
        header->Block = (ushort)block.Index;
        header->Index = (uint)stripe;
        header->Pass = pass;
        header->PageMap = pages;
        header->ZeroMap = zeros;
        header->PayloadLength = (uint)length;
        header->PayloadChecksum = Crc32c.Of(new ReadOnlySpan<byte>(bytes, length));
        Finish(header);
        AddPassing(bytes, length);
        FlushIfEnough();
    }

    /// <summary>Adds a frame that says that <paramref name="count"/> stripes of <paramref name="block"/> are zero.</summary>
    public void AddZeroStripes(RamBlock block, int firstStripe, int count, uint pass)
    {
        var header = Next(FrameKind.ZeroStripes);
        header->Block = (ushort)block.Index;
        header->Index = (uint)firstStripe;
        header->Pass = pass;
        header->RunCount = (uint)count;
        header->RunStride = 1;
        Finish(header);
        FlushIfEnough();
    }

    /// <summary>Adds a piece of device state. The bytes stay as they are until the piece is placed.</summary>
    public void AddState(int section, long offset, long total, byte* bytes, int length)
    {
        var header = Next(FrameKind.DeviceState);
        header->Index = (uint)section;
        header->StateOffset = (ulong)offset;
        header->StateTotal = (ulong)total;
        header->PayloadLength = (uint)length;
        header->PayloadChecksum = Crc32c.Of(new ReadOnlySpan<byte>(bytes, length));
        Finish(header);
        var copied = _vectorCount;
        AddVector(bytes, (nuint)length);
        if (length < PagesWorthLending * PageGeometry.PageSize || _cap is { IsActive: true }) FlushIfEnough();
        else Lend(copied);
    }

    /// <summary>Adds fence <paramref name="fence"/> with the digest of all frames before it, and sends all.</summary>
    public void AddFence(uint fence)
    {
        var header = Next(FrameKind.Fence);
        header->Pass = fence;
        header->Digest = _digest.Value;
        Finish(header);
        Flush();
    }

    /// <summary>Sends what has been added. Blocks while the socket's buffer is full.</summary>
    public void Flush()
    {
        if (_vectorCount == 0) return;
        if (_cap is { IsActive: true })
        {
            BlockedTicks += CappedSend.Run(_socket, _vectors, _vectorCount, _cap);
        }
        else
        {
            var start = Stopwatch.GetTimestamp();
            if (_mayLend && _bytes >= PagesWorthLending * PageGeometry.PageSize) SendByReference();
            else _socket.Send(_vectors, _vectorCount);
            BlockedTicks += Stopwatch.GetTimestamp() - start;
        }
        Sent();
    }

    public void Dispose()
    {
        if (_headers is not null) _sums?.Dispose();
        _slots.Dispose();
        NativeMemory.AlignedFree(_headers);
        NativeMemory.AlignedFree(_vectors);
        _headers = null; // Disposing twice is allowed.
        _vectors = null;
    }

    /// <summary>Sends all up to <paramref name="copied"/> from where it stands, and the pages behind it without a copy on this side.</summary>
    private void Lend(int copied)
    {
        var start = Stopwatch.GetTimestamp();
        _socket.Send(_vectors, copied, more: true);
        _socket.SendPages(_vectors + copied, _vectorCount - copied);
        BlockedTicks += Stopwatch.GetTimestamp() - start;
        Sent();
    }

    private void SendByReference()
    {
        _slots.Lent(_sequence);
        _socket.SendPages(_vectors, _vectorCount);
    }

    private void Sent()
    {
        Calls++;
        _headerCount = 0;
        _vectorCount = 0;
        _bytes = 0;
        _sums?.Clear();
    }

    private FrameHeader* Next(FrameKind kind)
    {
        if (_headerCount == MaxHeaders || _vectorCount + MaxFrameVectors > SocketNative.MaxVectors || _sums is { HasRoom: false })
            Flush();
        if (_headerCount == 0) _mayLend = _slots.AreFree(_sequence + 1, _sequence + MaxHeaders);
        var header = _mayLend ? _slots.Of(_sequence + 1) : _headers + _headerCount;
        _headerCount++;
        *header = default;
        header->Kind = kind;
        header->Sequence = ++_sequence;
        return header;
    }

    private void Finish(FrameHeader* header)
    {
        header->Seal();
        _digest.Add(*header);
        AddVector((byte*)header, FrameHeader.Size);
    }

    private void AddVector(byte* start, nuint length)
    {
        Debug.Assert(_vectorCount < SocketNative.MaxVectors, "Next leaves room for the largest frame");
        _vectors[_vectorCount++] = new IoVector { Base = start, Length = length };
        _bytes += (long)length;
    }

    // Bytes that stay as they are until the next flush, and no longer.
    private void AddPassing(byte* start, int length)
    {
        AddVector(start, (nuint)length);
        _mayLend = false;
    }

    private void FlushIfEnough()
    {
        if (_bytes >= EnoughBytes) Flush();
    }
}
