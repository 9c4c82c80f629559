using System.Runtime.InteropServices;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Sending;

namespace DataPlane.Transport.Receiving;

/// <summary>
/// One channel of the destination, on its own thread: read a header, judge it, receive the payload straight into guest memory.
/// The payload and the next header are asked for in one call. Nothing is allocated per frame.
/// </summary>
internal sealed unsafe class ReceivingChannel : IDisposable
{
    private const int MaxVectors = (PageGeometry.PagesPerStripe / 2) + 2; // the pages' checksums, 256 runs of pages, and the next header

    private readonly ReceivingCrew _crew;
    private readonly GuestMemory _memory;
    private readonly IReadOnlyList<ReceivedSection> _sections;
    private readonly FrameChecks _checks;
    private readonly PagePlacer _placer;
    private readonly PageDecoder? _decoder; // There when an encoding was agreed on: the checks let no encoded frame through otherwise.
    private readonly PageSumCheck? _sums; // There when a checksum travels with each page.
    private readonly IDataConnection _socket;
    private FrameHeader* _headers;
    private IoVector* _vectors;
    private FrameDigest _digest;
    private ChannelCounters _counters;
    private ulong _placed;
    private uint _lastFence;

    public ReceivingChannel(
        ReceivingCrew crew, int number, GuestMemory memory, IReadOnlyList<ReceivedSection> sections, FrameChecks checks,
        PagePlacer placer, PageDecoder? decoder, PageSumCheck? sums, IDataConnection socket)
    {
        _crew = crew;
        Number = number;
        _memory = memory;
        _sections = sections;
        _checks = checks;
        _placer = placer;
        _decoder = decoder;
        _sums = sums;
        _socket = socket;
        _headers = (FrameHeader*)NativeMemory.AlignedAlloc(2 * FrameHeader.Size, 64);
        _vectors = (IoVector*)NativeMemory.AlignedAlloc((nuint)(MaxVectors * sizeof(IoVector)), 64);
    }

    public int Number { get; }

    /// <summary>Sequence number up to which every frame is in guest memory.</summary>
    public ulong Placed => Volatile.Read(ref _placed);

    public ref readonly ChannelCounters Counters => ref _counters;

    /// <summary>The thread's body: frames until the peer closes the connection. Throws what ends it otherwise.</summary>
    public void Run()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var current = _headers;
        if (!ReceiveFirst(current)) return;
        for (ulong sequence = 1; ; sequence++)
        {
            var fault = _checks.Find(*current, sequence);
            if (fault != FrameFault.None) throw Violation(*current, sequence, fault);
            if (_crew.IsSealed) throw Violation($"Frame {sequence} came behind the last fence.");
            var next = current == _headers ? _headers + 1 : _headers;
            if (!ReceiveRest(*current, next)) return;
            current = next;
            _counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
    }

    public void Abort() => _socket.Abort();

    public void Dispose()
    {
        _socket.Dispose();
        if (_headers is not null)
        {
            _decoder?.Dispose();
            _sums?.Dispose();
        }
        NativeMemory.AlignedFree(_headers);
        NativeMemory.AlignedFree(_vectors);
        _headers = null; // Disposing twice is allowed.
        _vectors = null;
    }

    private bool ReceiveFirst(FrameHeader* header)
    {
        _vectors[0] = new IoVector { Base = (byte*)header, Length = (nuint)FrameHeader.Size };
        return Receive(_vectors, 1, payload: 0, default);
    }

    /// <summary>Receives a frame's payload and the header after it. False when the peer closed behind a whole frame.</summary>
    private bool ReceiveRest(in FrameHeader header, FrameHeader* next)
    {
        var pieces = Prepare(header);
        _vectors[pieces] = new IoVector { Base = (byte*)next, Length = (nuint)FrameHeader.Size };
        if (header.PayloadLength == 0) FramePlaced(header);
        return Receive(_vectors, pieces + 1, header.PayloadLength, header);
    }

    private int Prepare(in FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.Pages:
                var block = _memory.Blocks[header.Block];
                if (!PageMask.IsEmpty(header.ZeroMap)) _placer.Clear(block, (int)header.Index, header.ZeroMap);
                var at = _sums is null || header.PayloadLength == 0 ? 0 : 1;
                if (at != 0) _vectors[0] = _sums!.Piece(header);
                if (header.Encoding == 0) return at + _placer.Place(block, (int)header.Index, header.PageMap, _vectors + at);
                _vectors[at] = _decoder!.Payload(EncodedBytes(header));
                return at + 1;
            case FrameKind.ZeroStripes:
                ClearStripes(header);
                return 0;
            case FrameKind.DeviceState:
                _vectors[0] = new IoVector
                {
                    Base = _sections[(int)header.Index].Pointer(header.StateOffset),
                    Length = header.PayloadLength,
                };
                return 1;
            default:
                return 0;
        }
    }

    private void ClearStripes(in FrameHeader header)
    {
        var block = _memory.Blocks[header.Block];
        Span<ulong> all = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (uint i = 0; i < header.RunCount; i++)
        {
            var stripe = (int)(header.Index + (i * header.RunStride));
            GuestMemory.ExistingPages(block, stripe, all);
            _placer.Clear(block, stripe, all);
            _sums?.Zeroed(block, stripe, all);
            _counters.ZeroPages += PageMask.Count(all);
        }
    }

    // Not MSG_WAITALL: a payload counts as placed when it is there, not when the header behind it has come too.
    private bool Receive(IoVector* vectors, int count, long payload, in FrameHeader header)
    {
        var rest = payload + FrameHeader.Size;
        while (rest > 0)
        {
            var received = _socket.Receive(vectors, count);
            _counters.Calls++;
            if (received == 0)
            {
                if (rest == FrameHeader.Size) return false;
                throw new MigrationException(new MigrationError(
                    MigrationErrorCode.ConnectionLost, MigrationSide.Destination, "receive",
                    $"Data channel {Number} was closed in the middle of a frame."));
            }
            var before = rest;
            rest -= (long)received;
            _counters.WireBytes += (long)received;
            DataSocket.Advance(ref vectors, ref count, received);
            if (before > FrameHeader.Size && rest <= FrameHeader.Size) FramePlaced(header);
        }
        return true;
    }

    private void FramePlaced(in FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.Pages:
                if (header.Encoding != 0) Decode(header);
                if (_sums is not null) CheckSums(header);
                _counters.Pages += PageMask.Count(header.PageMap);
                _counters.ZeroPages += PageMask.Count(header.ZeroMap);
                break;
            case FrameKind.DeviceState:
                StatePlaced(header);
                break;
            case FrameKind.Fence:
                FencePlaced(header);
                return;
        }
        Publish(header);
    }

    private void Decode(in FrameHeader header)
    {
        if (!_decoder!.TryPlace(header, EncodedBytes(header), _sums?.SumsOf(header) ?? uint.MaxValue, _memory.Blocks[header.Block], _placer))
            throw Violation($"Encoded pages of stripe {header.Index} of block {header.Block} arrived damaged.");
        _counters.EncodedPages += PageMask.Count(header.PageMap);
        _counters.EncodedBytes += header.PayloadLength;
    }

    private int EncodedBytes(in FrameHeader header) => (int)header.PayloadLength - (_sums is null ? 0 : PageSumCheck.SumBytes(header));

    private void CheckSums(in FrameHeader header)
    {
        if (header.Encoding == 0 && header.PayloadLength > 0 && ~_sums!.SumsOf(header) != header.PayloadChecksum)
            throw Violation($"The checksums of pages of stripe {header.Index} of block {header.Block} arrived damaged.");
        _sums!.Judge(header, _memory.Blocks[header.Block]);
    }

    private void StatePlaced(in FrameHeader header)
    {
        var section = _sections[(int)header.Index];
        var bytes = new ReadOnlySpan<byte>(section.Pointer(header.StateOffset), (int)header.PayloadLength);
        if (Crc32c.Of(bytes) != header.PayloadChecksum)
            throw Violation($"A piece of device section '{section.Id}' arrived with another checksum than it was sent with.");
        section.Count(header.PayloadLength);
    }

    private void FencePlaced(in FrameHeader header)
    {
        if (header.Digest != _digest.Value)
            throw Violation($"The frames before fence {header.Pass} are not those that were sent: their digest is {_digest.Value:x8}, not {header.Digest:x8}.");
        if (header.Pass != ++_lastFence)
            throw Violation($"Fence {header.Pass} came where fence {_lastFence} was due.");
        Publish(header);
        _crew.FenceArrived(header.Pass);
    }

    private void Publish(in FrameHeader header)
    {
        _digest.Add(header);
        _counters.Frames++;
        Volatile.Write(ref _placed, header.Sequence);
    }

    private MigrationException Violation(in FrameHeader header, ulong sequence, FrameFault fault) => Violation(
        $"Frame {sequence} is refused: {fault} (kind {(byte)header.Kind}, block {header.Block}, index {header.Index}, payload {header.PayloadLength}).");

    private MigrationException Violation(string what) => new(new MigrationError(
        MigrationErrorCode.ProtocolViolation, MigrationSide.Destination, "receive", $"Data channel {Number}: {what}"));
}
