using System.Globalization;
using System.Net.Sockets;
using DataPlane.Linux.Sockets;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Sockets;

public class EventPollsTests
{
    /// <summary>A wait for bytes that are not there yet enters a socket into the runtime's event poll, for good.</summary>
    [Fact]
    public async Task Data_socket_is_in_no_event_poll_after_the_runtime_has_waited_for_it()
    {
        var (one, other) = SocketPair.Tcp();
        using var sender = one;
        var bytes = new byte[1];
        var waiting = other.ReceiveAsync(bytes.AsMemory(), SocketFlags.None);
        Assert.False(waiting.IsCompleted);
        _ = sender.Send("x"u8);
        Assert.Equal(1, await waiting);
        Assert.True(IsPolled(other));

        using var data = new DataSocket(other);

        Assert.False(IsPolled(other));
        Assert.Equal((byte)'y', ReceiveByte(data, sender));
    }

    // /proc/self/fdinfo of an event poll has a line for each descriptor in it: "tfd:       80 events: ...".
    private static bool IsPolled(Socket socket)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $"{socket.Handle}");
        return Directory.EnumerateFiles("/proc/self/fdinfo").SelectMany(Lines)
            .Any(line => line.StartsWith("tfd:", StringComparison.Ordinal) && line[4..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] == wanted);
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return []; // Closed meanwhile.
        }
    }

    private static unsafe byte ReceiveByte(DataSocket data, Socket sender)
    {
        _ = sender.Send("y"u8);
        byte received = 0;
        var piece = new IoVector { Base = &received, Length = 1 };
        Assert.Equal((nuint)1, data.Receive(&piece, 1));
        return received;
    }
}
