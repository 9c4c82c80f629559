using System.Diagnostics;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Transport.Connections;

/// <summary>What the channels rely on, on every kind of connection.</summary>
public sealed class ConnectionContractTests
{
    private const int BrokenPipe = 32, ConnectionReset = 104;

    // More than any kind holds on its way: what is sent blocks until the other end reads.
    private const int Big = 24 << 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static TheoryData<ConnectionKind> Kinds => [.. Enum.GetValues<ConnectionKind>()];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Bytes_arrive_in_order_in_both_directions_at_once(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        byte[] there = Random(Big, 1), back = Random(Big, 2);
        await Task.WhenAll(
            Sends(one, there), Sends(other, back),
            Task.Run(() => Assert.True(there.AsSpan().SequenceEqual(Receive(other, Big)))),
            Task.Run(() => Assert.True(back.AsSpan().SequenceEqual(Receive(one, Big))))).WaitAsync(Soon);
        one.Dispose();
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task One_byte_at_a_time_arrives_in_order(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        var bytes = Random(5000, 3);
        var sending = Sends(one, bytes, piece: 1);
        Assert.Equal(bytes, Receive(other, bytes.Length, piece: 1));
        await sending.WaitAsync(Soon);
        one.Dispose();
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Pieces_up_to_the_most_of_a_call_and_beyond_go_as_one(ConnectionKind kind)
    {
        foreach (var count in (int[])[1, SocketNative.MaxVectors, (2 * SocketNative.MaxVectors) + 7])
        {
            var (one, other) = ConnectionKinds.Connect(kind);
            // Of every length from 0 on: over 1,024 of them do not fit into a buffer, so that sends end in the middle of one.
            var lengths = Enumerable.Range(0, count).Select(i => i * 13 % 4001).ToArray();
            var bytes = Random(lengths.Sum(), count);
            var sending = Task.Run(() => Gather(one, bytes, lengths));
            Assert.Equal(bytes, Receive(other, bytes.Length));
            await sending.WaitAsync(Soon);
            one.Dispose();
            other.Dispose();
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_received_is_scattered_over_the_pieces_in_order(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        var bytes = Random(300_000, 4);
        var sending = Sends(one, bytes);
        Assert.Equal(bytes, Scatter(other, bytes.Length, pieces: 700));
        await sending.WaitAsync(Soon);
        one.Dispose();
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Abort_from_another_thread_ends_a_send_and_a_receive_that_wait(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        using var begun = new CountdownEvent(2);
        var sending = Task.Run(() =>
        {
            begun.Signal();
            return Assert.Throws<LinuxException>(() => Send(one, new byte[Big], Big));
        });
        var receiving = Task.Run(() =>
        {
            begun.Signal();
            return Receive(one, 1).Length;
        });
        begun.Wait();
        one.Abort();
        var (fault, received) = (await sending.WaitAsync(Soon), await receiving.WaitAsync(Soon));
        Assert.Equal(("sendmsg", BrokenPipe, 0), (fault.Call, fault.Errno, received));
        one.Abort();
        one.Dispose();
        one.Abort();
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Abort_of_the_peer_is_the_end_here(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        var receiving = Task.Run(() => Receive(other, 1).Length);
        one.Abort();
        Assert.Equal(0, await receiving.WaitAsync(Soon));
        _ = Assert.Throws<LinuxException>(() => Send(other, new byte[Big], Big));
        one.Dispose();
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void What_was_sent_before_the_close_can_be_read_and_then_comes_the_end(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        var bytes = Random(10_000, 5);
        Send(one, bytes, bytes.Length);
        one.Dispose();
        Assert.Equal(bytes, Receive(other, bytes.Length + 1));
        Assert.Empty(Receive(other, 1));
        other.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_peer_that_closes_without_having_read_all_is_a_reset(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        Send(one, [1, 2, 3], 3);
        Assert.Equal([1], Receive(other, 1, piece: 1)); // So that the rest has come as well.
        other.Dispose();
        var fault = Assert.Throws<LinuxException>(() => Receive(one, 1));
        Assert.Equal(("recvmsg", ConnectionReset), (fault.Call, fault.Errno));
        Assert.Equal("sendmsg", Assert.Throws<LinuxException>(() => Send(one, new byte[Big], Big)).Call);
        one.Dispose();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Disposing_twice_does_no_harm_and_the_status_is_TCPs_alone(ConnectionKind kind)
    {
        var (one, other) = ConnectionKinds.Connect(kind);
        Send(one, [1], 1);
        _ = Receive(other, 1);
        Assert.Equal(kind.IsTcp(), one.ReadStatus() is { RoundTrip: > 0, RetransmitTimeout: > 0, PeerIsGone: false });
        Assert.Equal(kind.IsTcp(), other.ReadStatus() is not null);
        one.Dispose();
        one.Dispose();
        other.Dispose();
        other.Dispose();
    }

    private static byte[] Random(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Task Sends(IDataConnection to, byte[] bytes, int piece = 1 << 20) => Task.Run(() => Send(to, bytes, piece));

    private static unsafe void Send(IDataConnection to, byte[] bytes, int piece)
    {
        fixed (byte* start = bytes)
        {
            for (var offset = 0; offset < bytes.Length; offset += piece)
            {
                var vector = new IoVector { Base = start + offset, Length = (nuint)Math.Min(piece, bytes.Length - offset) };
                to.Send(&vector, 1);
            }
        }
    }

    private static unsafe void Gather(IDataConnection to, byte[] bytes, int[] lengths)
    {
        var vectors = new IoVector[lengths.Length];
        fixed (byte* start = bytes)
        fixed (IoVector* first = vectors)
        {
            var at = start;
            for (var i = 0; i < lengths.Length; at += lengths[i++]) first[i] = new IoVector { Base = at, Length = (nuint)lengths[i] };
            to.Send(first, lengths.Length);
        }
    }

    /// <summary>So many bytes, or fewer where the end comes first.</summary>
    private static unsafe byte[] Receive(IDataConnection from, int count, int piece = 1 << 20)
    {
        var bytes = new byte[count];
        fixed (byte* start = bytes)
        {
            for (var filled = 0; filled < count;)
            {
                var vector = new IoVector { Base = start + filled, Length = (nuint)Math.Min(piece, count - filled) };
                var received = (int)from.Receive(&vector, 1);
                if (received == 0) return bytes[..filled];
                filled += received;
            }
        }
        return bytes;
    }

    private static unsafe byte[] Scatter(IDataConnection from, int count, int pieces)
    {
        var bytes = new byte[count];
        var vectors = new IoVector[pieces];
        fixed (byte* start = bytes)
        fixed (IoVector* first = vectors)
        {
            var each = count / pieces;
            for (var i = 0; i < pieces; i++)
                first[i] = new IoVector { Base = start + (i * each), Length = (nuint)(i == pieces - 1 ? count - (i * each) : each) };
            var left = pieces;
            for (var at = first; left > 0;)
            {
                var received = from.Receive(at, left);
                if (received == 0) throw new EndOfStreamException();
                DataSocket.Advance(ref at, ref left, received);
            }
        }
        return bytes;
    }
}
