using System.Net.Sockets;
using System.Runtime.InteropServices;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Sockets;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Receiving;
using DataPlane.Transport.Sending;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Transport;

/// <summary>A destination whose peer, or whose link, sends what it should not: refused by name, and nothing written outside the blocks.</summary>
public sealed class FaultyStreamTests
{
    [Fact]
    public async Task A_flipped_bit_in_any_header_is_a_protocol_violation()
    {
        // Whole stripes of data: each frame is a header and 2 MiB, and after the third comes the fence.
        const long FrameBytes = FrameHeader.Size + StripeSize;
        for (var seed = 1; seed <= TestSet.Times(20); seed++)
        {
            var random = new Random(seed);
            using var guest = new StreamGuest(3 * 512);
            guest.FillWithData(seed);
            guest.Bitmap.SetAll();
            var bit = (random.Next(4) * FrameBytes * 8) + random.Next(FrameHeader.Size * 8);
            await using var relay = new Relay(_ => new RelayPlan { FlipBit = bit });
            using var rig = new StreamRig(guest, channels: 1, relay);
            await rig.GiveAsync(OrderKind.FinalPages);
            _ = rig.Sender.Give(OrderKind.Fence, fence: 1);
            AssertViolation(await rig.DestinationEnded);
            Assert.True(guest.Destination.GuardsAreIntact);
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_device_state_is_a_protocol_violation()
    {
        using var guest = new StreamGuest(1);
        await using var relay = new Relay(_ => new RelayPlan { FlipBit = (FrameHeader.Size + 99) * 8 });
        using var rig = new StreamRig(guest, channels: 1, relay, sections: [new ReceivedSection("gpu", 1, 1000)]);
        var state = new SectionBuffer("gpu", 1000);
        state.Advance(1000);
        _ = rig.Sender.Give(OrderKind.DeviceState, sections: [state]);
        Assert.Contains("'gpu'", AssertViolation(await rig.DestinationEnded));
    }

    [Fact]
    public void A_fence_whose_digest_is_another_is_a_protocol_violation()
    {
        var frame = Zeros(sequence: 1);
        FrameDigest digest = default;
        digest.Add(frame);
        Assert.Null(Receive(Bytes(frame, Fence(2, 1, digest.Value))));
        Assert.Contains("digest", AssertViolation(Receive(Bytes(frame, Fence(2, 1, digest.Value + 1)))));
        Assert.Contains("digest", AssertViolation(Receive(Bytes(frame, Fence(2, 1, 0)))));
    }

    [Fact]
    public void A_fence_out_of_turn_is_a_protocol_violation()
    {
        Assert.Contains("fence 1 was due", AssertViolation(Receive(Bytes(Fence(1, 2, 0)))), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("fence 1 was due", AssertViolation(Receive(Bytes(Fence(1, 0, 0)))), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_frame_that_is_missing_or_comes_twice_is_a_protocol_violation()
    {
        Assert.Contains(nameof(FrameFault.OutOfSequence), AssertViolation(Receive(Bytes(Zeros(1), Zeros(3)))));
        Assert.Contains(nameof(FrameFault.OutOfSequence), AssertViolation(Receive(Bytes(Zeros(1), Zeros(1)))));
    }

    [Fact]
    public void An_end_between_frames_is_clean_and_one_within_a_frame_is_a_lost_connection()
    {
        var bytes = Bytes(Zeros(1), Zeros(2));
        foreach (var length in (int[])[0, FrameHeader.Size, 2 * FrameHeader.Size]) Assert.Null(Receive(bytes[..length]));
        foreach (var length in (int[])[1, FrameHeader.Size - 1, FrameHeader.Size + 1, (2 * FrameHeader.Size) - 1])
            Assert.Equal(MigrationErrorCode.ConnectionLost, Assert.IsType<MigrationException>(Receive(bytes[..length])).Error.Code);
    }

    [Fact]
    public void Any_sealed_header_with_any_payload_writes_inside_the_blocks_or_is_refused()
    {
        var random = new Random(5);
        for (var round = 0; round < TestSet.Times(300); round++)
        {
            var header = RandomHeader(random);
            var bytes = new byte[FrameHeader.Size + random.Next(3 * PageSize)];
            random.NextBytes(bytes);
            MemoryMarshal.Write(bytes, header);
            if (Receive(bytes) is { } end)
                Assert.True(Assert.IsType<MigrationException>(end).Error.Code is MigrationErrorCode.ProtocolViolation or MigrationErrorCode.ConnectionLost);
        }
    }

    [Fact]
    public void State_sent_twice_over_is_refused_when_the_section_is_completed()
    {
        var section = new ReceivedSection("nic", 1, 100);
        section.Count(100);
        section.Count(100);
        Assert.Null(section.Complete(new(200, 0), default, out var fault));
        Assert.Contains("'nic'", fault);
        Assert.Null(section.Complete(new(-1, 0), default, out fault));
        Assert.Contains("'nic'", fault);
    }

    private static FrameHeader RandomHeader(Random random)
    {
        FrameHeader header = default;
        random.NextBytes(MemoryMarshal.AsBytes(new Span<FrameHeader>(ref header)));
        (header.Encoding, header.Reserved, header.Sequence, header.Kind) = (0, 0, 1, (FrameKind)random.Next(1, 5));
        header.Block = (ushort)random.Next(4);
        header.Index = (uint)random.Next(3);
        if (header.Kind == FrameKind.Pages)
        {
            header.PageMap = header.ZeroMap = default;
            for (var i = 0; i < 4; i++) header.PageMap[random.Next(2) * random.Next(8)] |= 1ul << random.Next(64);
            header.PayloadLength = (uint)DataPlane.Core.Memory.PageMask.Count(header.PageMap) << PageShift;
        }
        else if (header.Kind == FrameKind.DeviceState)
        {
            (header.StateOffset, header.StateTotal) = ((ulong)random.Next(120), (ulong)random.Next(90, 110));
            header.PayloadLength = (uint)random.Next(120);
        }
        else
        {
            header.PayloadLength = 0;
            if (header.Kind == FrameKind.ZeroStripes) (header.RunCount, header.RunStride) = ((uint)random.Next(4), (uint)random.Next(4));
        }
        header.Seal();
        return header;
    }

    /// <summary>What ends a channel of the destination that receives these bytes and an end. Blocks of 1, 600 and 512 pages; a section of 100 bytes.</summary>
    private static Exception? Receive(byte[] bytes)
    {
        using var guest = new StreamGuest(1, 600, 512);
        guest.Destination.Poison();
        var (peer, socket) = SocketPair.Unix();
        var ended = new TaskCompletionSource<Exception?>();
        using (peer)
        using (var crew = new ReceivingCrew(
            guest.Destination.Memory, guest.Received, [new ReceivedSection("nic", 1, 100)], fresh: false, mapped: false,
            [new DataSocket(socket)], _ => { }, ended.SetResult))
        {
            crew.Start();
            try
            {
                for (var sent = 0; sent < bytes.Length;) sent += peer.Send(bytes.AsSpan(sent));
                peer.Shutdown(SocketShutdown.Send);
                Assert.True(ended.Task.Wait(TimeSpan.FromSeconds(20)));
            }
            finally
            {
                crew.Dispose();
            }
        }
        Assert.True(guest.Destination.GuardsAreIntact);
        return ended.Task.Result;
    }

    private static string AssertViolation(Exception? end)
    {
        var error = Assert.IsType<MigrationException>(end).Error;
        Assert.Equal((MigrationErrorCode.ProtocolViolation, MigrationSide.Destination), (error.Code, error.Side));
        return error.Message;
    }

    private static FrameHeader Zeros(ulong sequence)
    {
        FrameHeader header = new() { Kind = FrameKind.ZeroStripes, Block = 1, Sequence = sequence, RunCount = 2, RunStride = 1 };
        header.Seal();
        return header;
    }

    private static FrameHeader Fence(ulong sequence, uint fence, uint digest)
    {
        FrameHeader header = new() { Kind = FrameKind.Fence, Sequence = sequence, Pass = fence, Digest = digest };
        header.Seal();
        return header;
    }

    private static byte[] Bytes(params FrameHeader[] headers) => MemoryMarshal.AsBytes(headers.AsSpan()).ToArray();
}
