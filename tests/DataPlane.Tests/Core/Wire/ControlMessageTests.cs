using System.Buffers.Binary;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Wire;

/// <summary>Every message: there and back; and what reading does with bytes that are none.</summary>
public sealed class ControlMessageTests
{
    [Fact]
    public void There_is_a_sample_of_every_type() => Assert.Equal(
        Enum.GetValues<ControlMessageType>().Where(type => type != ControlMessageType.Invalid),
        ControlMessageSamples.All.Select(message => message.Type).Distinct().Order());

    [Fact]
    public void Every_message_reads_back_as_it_was_written()
    {
        foreach (var message in ControlMessageSamples.All)
            AssertSame(message, ControlMessages.Read(message.Type, ControlMessageSamples.Payload(message)));
    }

    [Fact]
    public void Every_truncation_and_every_byte_too_many_is_refused()
    {
        foreach (var message in ControlMessageSamples.All)
        {
            var payload = ControlMessageSamples.Payload(message);
            for (var length = 0; length < payload.Length; length++)
                Assert.Null(ControlMessages.Read(message.Type, payload.AsSpan(0, length)));
            Assert.Null(ControlMessages.Read(message.Type, [.. payload, 0]));
        }
    }

    [Fact]
    public void A_payload_with_a_flipped_bit_is_refused_or_is_another_message_of_its_type()
    {
        foreach (var message in ControlMessageSamples.All)
        {
            var payload = ControlMessageSamples.Payload(message);
            for (var bit = 0; bit < payload.Length * 8; bit++)
            {
                payload[bit / 8] ^= (byte)(1 << (bit % 8));
                AssertRefusedOrStable(message.Type, payload);
                payload[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void A_whole_message_with_a_flipped_bit_is_refused_by_magic_length_or_checksum()
    {
        foreach (var message in ControlMessageSamples.All)
        {
            var bytes = ControlMessageSamples.Bytes(message);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(IsGood(bytes), $"Bit {bit} of {message.Type}.");
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
            Assert.True(IsGood(bytes));
        }
    }

    [Fact]
    public void Garbage_is_refused_or_read_and_never_throws() =>
        PropertyCheck.Holds<(byte Type, byte[] Bytes)>(input =>
            AssertRefusedOrStable((ControlMessageType)(input.Type % 18), input.Bytes ?? []), tests: 3000);

    [Fact]
    public void Counts_larger_than_what_follows_allocate_nothing_for_it()
    {
        var random = new Random(3);
        foreach (var message in ControlMessageSamples.All)
        {
            var payload = ControlMessageSamples.Payload(message);
            for (var at = 0; at + 4 <= payload.Length; at++)
            {
                var bad = (byte[])payload.Clone();
                var announced = random.Next(3) switch { 0 => uint.MaxValue, 1 => 1u << 20, _ => (uint)random.Next(1024) };
                BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(at), announced);
                AssertAllocatesLittle(message.Type, bad);
            }
        }
    }

    [Fact]
    public void A_layout_whose_first_name_swallows_the_rest_allocates_in_proportion()
    {
        // 4096 blocks of 18 bytes are announced and could follow, but the first name takes what is there.
        var bytes = new byte[39 + 4 + (4096 * 18)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(43), GuestMemory.MaxBlocks);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(47), WireReader.MaxTextBytes);
        AssertAllocatesLittle(ControlMessageType.Hello, bytes);
    }

    [Fact]
    public void The_largest_layout_fits_into_a_message()
    {
        var hello = ControlMessageSamples.Hello(0, HelloMessage.MaxSections) with
        {
            Blocks = [.. Enumerable.Range(0, GuestMemory.MaxBlocks).Select(i => new BlockLayout(new string('x', 251) + $"{i:0000}", 0, 4096))],
        };
        var payload = ControlMessageSamples.Payload(hello);
        Assert.InRange(payload.Length, 1 << 20, ControlHeader.MaxLength);
        AssertSame(hello, ControlMessages.Read(hello.Type, payload));
        var sums = new PageSumsMessage(1, 2, new ulong[PageSumsMessage.MaxSums]);
        Assert.InRange(ControlMessageSamples.Payload(sums).Length, 1 << 20, ControlHeader.MaxLength);
        Assert.NotNull(ControlMessages.Read(sums.Type, ControlMessageSamples.Payload(sums)));
    }

    [Fact]
    public void More_than_a_message_may_hold_is_refused()
    {
        var acknowledge = new AcknowledgeMessage(new ulong[PlacedFrames.MaxChannels + 1]);
        Assert.Null(ControlMessages.Read(acknowledge.Type, ControlMessageSamples.Payload(acknowledge)));
        var sums = new PageSumsMessage(0, 0, new ulong[PageSumsMessage.MaxSums + 1]);
        Assert.Null(ControlMessages.Read(sums.Type, ControlMessageSamples.Payload(sums)));
        var hello = ControlMessageSamples.Hello(1, HelloMessage.MaxSections + 1);
        Assert.Null(ControlMessages.Read(hello.Type, ControlMessageSamples.Payload(hello)));
    }

    private static bool IsGood(byte[] bytes) =>
        ControlHeader.TryRead(bytes, out var header, out _)
        && header.Length == bytes.Length - ControlHeader.Size
        && ControlHeader.ChecksumOf(bytes, bytes.AsSpan(ControlHeader.Size)) == header.Checksum
        && ControlMessages.Read(header.Type, bytes.AsSpan(ControlHeader.Size)) is not null;

    private static void AssertRefusedOrStable(ControlMessageType type, byte[] payload)
    {
        if (ControlMessages.Read(type, payload) is not { } message) return;
        Assert.Equal(type, message.Type);
        AssertSame(message, ControlMessages.Read(type, ControlMessageSamples.Payload(message)));
    }

    private static void AssertSame(IControlMessage expected, IControlMessage? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equivalent(expected, actual, strict: true);
        Assert.Equal(ControlMessageSamples.Payload(expected), ControlMessageSamples.Payload(actual));
    }

    private static void AssertAllocatesLittle(ControlMessageType type, byte[] payload)
    {
        _ = ControlMessages.Read(type, payload); // Whatever the first call sets up is no part of it.
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = ControlMessages.Read(type, payload);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 4096 + (8L * payload.Length));
    }
}
