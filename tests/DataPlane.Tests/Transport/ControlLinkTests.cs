using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Tests.Core.Wire;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Control;
using Xunit;

namespace DataPlane.Tests.Transport;

/// <summary>The control channel over real sockets, against a peer that writes bytes as it likes.</summary>
public sealed class ControlLinkTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20); // Ends a test that hangs; no test waits for it.

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_written_one_byte_at_a_time_arrive_whole(bool unix) => await ArriveAsync(unix, _ => 1);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public async Task Messages_split_anywhere_arrive_whole(bool unix, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < TestSet.Times(5); round++)
            await ArriveAsync(unix, left => random.Next(1, Math.Min(left, 1 << random.Next(1, 10)) + 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Links_understand_each_other_in_both_directions_at_once(bool unix)
    {
        var (left, right) = unix ? SocketPair.Unix() : SocketPair.Tcp();
        await using var source = new ControlLink(left, MigrationSide.Source, TimeProvider.System);
        await using var destination = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        await Task.WhenAll(SendAllAsync(source), SendAllAsync(destination), ExpectAllAsync(source), ExpectAllAsync(destination)).WaitAsync(Soon);
    }

    [Fact]
    public async Task Many_senders_at_once_never_mix_their_messages()
    {
        var (left, right) = SocketPair.Tcp();
        await using var source = new ControlLink(left, MigrationSide.Source, TimeProvider.System);
        await using var destination = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                await source.SendAsync(new AcknowledgeMessage([.. Enumerable.Repeat((ulong)sender, i % 60)]), default);
        })).ToArray();
        for (var i = 0; i < 800; i++)
            Assert.True(Assert.IsType<AcknowledgeMessage>(await ReceiveAsync(destination)).Placed.Distinct().Count() <= 1);
        await Task.WhenAll(senders).WaitAsync(Soon);
    }

    /// <summary>A message without payload ends with its header; a reader that waits for more bytes would wait for the next message.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_without_payload_is_delivered_though_silence_follows(bool unix)
    {
        var (left, right) = unix ? SocketPair.Unix() : SocketPair.Tcp();
        using var peer = left;
        await using var link = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            var receiving = ReceiveAsync(link);
            var bytes = ControlMessageSamples.Bytes(new CommitMessage());
            _ = await peer.SendAsync(bytes.AsMemory(0, i * 5));
            _ = await peer.SendAsync(bytes.AsMemory(i * 5));
            _ = Assert.IsType<CommitMessage>(await receiving);
        }
    }

    [Fact]
    public async Task A_message_is_delivered_before_the_end_that_follows_it()
    {
        await using var link = await LinkAfterAsync([.. ControlMessageSamples.Bytes(new PingMessage(7)), .. ControlMessageSamples.Bytes(new ReadyMessage())]);
        Assert.Equal(new PingMessage(7), await ReceiveAsync(link));
        _ = Assert.IsType<ReadyMessage>(await ReceiveAsync(link));
        await FailsAsync(link, MigrationErrorCode.ConnectionLost, "closed");
    }

    [Fact]
    public async Task An_end_in_mid_message_is_told_from_a_clean_one()
    {
        var bytes = ControlMessageSamples.Bytes(new PingMessage(7));
        for (var length = 0; length < bytes.Length; length++)
        {
            await using var link = await LinkAfterAsync(bytes[..length]);
            await FailsAsync(link, MigrationErrorCode.ConnectionLost, length == 0 ? "closed the control connection" : "in the middle of a message");
        }
    }

    [Fact]
    public async Task A_reset_is_a_lost_connection()
    {
        var (left, right) = SocketPair.Tcp();
        await using var link = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        left.LingerState = new LingerOption(enable: true, seconds: 0);
        left.Dispose();
        await FailsAsync(link, MigrationErrorCode.ConnectionLost, "control connection");
    }

    [Fact]
    public async Task Garbage_is_a_protocol_violation()
    {
        var random = new Random(4);
        for (var round = 0; round < 20; round++)
        {
            var bytes = new byte[random.Next(ControlHeader.Size, 5000)];
            random.NextBytes(bytes);
            await using var link = await LinkAfterAsync(bytes);
            await FailsAsync(link, MigrationErrorCode.ProtocolViolation, "does not begin as one");
        }
    }

    [Fact]
    public async Task A_flipped_bit_is_a_protocol_violation_or_a_message_cut_short()
    {
        var good = ControlMessageSamples.Bytes(new AcknowledgeMessage([1, 2]));
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bytes = (byte[])good.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await using var link = await LinkAfterAsync(bytes);
            var fault = await Assert.ThrowsAsync<MigrationException>(() => ReceiveAsync(link));
            var longer = bit is >= 64 and < 96 && fault.Error.Code == MigrationErrorCode.ConnectionLost; // The length, now larger.
            Assert.True(longer || fault.Error.Code == MigrationErrorCode.ProtocolViolation, $"Bit {bit}: {fault.Error.Message}");
        }
    }

    [Theory]
    [InlineData((ushort)ControlMessageType.Invalid)]
    [InlineData((ushort)ControlMessageType.Hello)]
    [InlineData(15)]
    public async Task A_message_that_cannot_be_read_is_a_protocol_violation_with_its_number(ushort type)
    {
        var bytes = new byte[ControlHeader.Size + 3];
        ControlHeader.Write(bytes, (ControlMessageType)type, bytes.AsSpan(ControlHeader.Size));
        await using var link = await LinkAfterAsync(bytes);
        await FailsAsync(link, MigrationErrorCode.ProtocolViolation, $"type {type}");
    }

    /// <summary>Nothing follows the header: a link that made room first, or waited for the payload, would not answer.</summary>
    [Theory]
    [InlineData(ControlHeader.MaxLength + 1)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public async Task A_length_over_the_limit_is_refused_by_the_header_alone(int length)
    {
        var (left, right) = SocketPair.Tcp();
        using var peer = left;
        await using var link = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        var header = ControlMessageSamples.Bytes(new ReadyMessage());
        BitConverter.GetBytes(length).CopyTo(header, 8);
        _ = await peer.SendAsync(header);
        await FailsAsync(link, MigrationErrorCode.ProtocolViolation, $"{(uint)length} bytes");
    }

    [Fact]
    public async Task The_largest_message_passes()
    {
        var (left, right) = SocketPair.Tcp();
        await using var source = new ControlLink(left, MigrationSide.Source, TimeProvider.System);
        await using var destination = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        var sums = new PageSumsMessage(1, 2, [.. Enumerable.Range(0, PageSumsMessage.MaxSums).Select(i => (ulong)i)]);
        var sending = source.SendAsync(sums, default).AsTask();
        Assert.Equal(sums.Sums, Assert.IsType<PageSumsMessage>(await ReceiveAsync(destination)).Sums);
        await sending.WaitAsync(Soon);
    }

    [Fact]
    public async Task Last_message_is_when_the_peer_was_heard_last()
    {
        var (left, right) = SocketPair.Tcp();
        using var peer = left;
        var time = new ManualTime();
        await using var link = new ControlLink(right, MigrationSide.Destination, time);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), time.GetElapsedTime(link.LastHeard));
        _ = await peer.SendAsync(ControlMessageSamples.Bytes(new ReadyMessage()));
        _ = await ReceiveAsync(link);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), time.GetElapsedTime(link.LastHeard));
    }

    [Fact]
    public async Task A_read_that_was_cancelled_takes_nothing_from_the_next()
    {
        var (left, right) = SocketPair.Tcp();
        using var peer = left;
        await using var link = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        var bytes = ControlMessageSamples.Bytes(new PingMessage(9));
        _ = await peer.SendAsync(bytes.AsMemory(0, 20));
        using var cancel = new CancellationTokenSource();
        var cancelled = link.ReceiveAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Soon));
        _ = await peer.SendAsync(bytes.AsMemory(20));
        Assert.Equal(new PingMessage(9), await ReceiveAsync(link));
    }

    [Fact]
    public async Task Abort_ends_a_read_that_waits()
    {
        var (left, right) = SocketPair.Unix();
        using var peer = left;
        await using var link = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        var receiving = ReceiveAsync(link);
        link.Abort();
        Assert.Equal(MigrationErrorCode.ConnectionLost, (await Assert.ThrowsAsync<MigrationException>(() => receiving)).Error.Code);
        link.Abort();
    }

    private static async Task ArriveAsync(bool unix, Func<int, int> chunk)
    {
        var (left, right) = unix ? SocketPair.Unix() : SocketPair.Tcp();
        using var peer = left;
        await using var link = new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
        var bytes = ControlMessageSamples.All.SelectMany(ControlMessageSamples.Bytes).ToArray();
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < bytes.Length;) at += await peer.SendAsync(bytes.AsMemory(at, chunk(bytes.Length - at)));
        });
        await ExpectAllAsync(link);
        await writing.WaitAsync(Soon);
    }

    private static async Task SendAllAsync(ControlLink link)
    {
        foreach (var message in ControlMessageSamples.All) await link.SendAsync(message, default);
    }

    private static async Task ExpectAllAsync(ControlLink link)
    {
        foreach (var message in ControlMessageSamples.All)
            Assert.Equivalent(message, await ReceiveAsync(link), strict: true);
    }

    /// <summary>A link whose peer has sent these bytes and gone.</summary>
    private static async Task<ControlLink> LinkAfterAsync(byte[] bytes)
    {
        var (left, right) = SocketPair.Unix();
        using var peer = left;
        if (bytes.Length > 0) _ = await peer.SendAsync(bytes);
        return new ControlLink(right, MigrationSide.Destination, TimeProvider.System);
    }

    private static Task<IControlMessage> ReceiveAsync(ControlLink link) => link.ReceiveAsync(default).AsTask().WaitAsync(Soon);

    private static async Task FailsAsync(ControlLink link, MigrationErrorCode code, string says)
    {
        var fault = await Assert.ThrowsAsync<MigrationException>(() => ReceiveAsync(link));
        Assert.Equal(code, fault.Error.Code);
        Assert.Equal(MigrationSide.Destination, fault.Error.Side);
        Assert.Contains(says, fault.Error.Message);
    }
}
