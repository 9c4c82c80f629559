using System.Diagnostics;
using System.Net.Sockets;
using DataPlane.Linux.Sockets;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Sockets;

public sealed class TcpStatusTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    /// <summary>A peer that reads nothing: the kernel says that bytes wait, and that the peer's window is what they wait for.</summary>
    [Fact]
    public void Kernel_tells_what_a_connection_waits_for()
    {
        var (client, server) = SocketPair.Tcp();
        using (server)
        using (client)
        {
            var before = TcpTuning.ReadStatus(client)!.Value;
            Assert.Equal((0UL, 0UL), (before.Busy, before.ReceiverLimited));
            client.Blocking = false;
            var bytes = new byte[1 << 16];
            do _ = client.Send(bytes, 0, bytes.Length, SocketFlags.None, out var error);
            while (client.Poll(0, SelectMode.SelectWrite));
            TcpStatus status;
            var watch = Stopwatch.StartNew();
            do status = TcpTuning.ReadStatus(client)!.Value;
            while (status.ReceiverLimited == 0 && watch.Elapsed < Bound);
            Assert.True(status.ReceiverLimited > 0, $"{status}");
            Assert.True(status.Busy >= status.ReceiverLimited + status.BufferLimited, $"{status}");
            Assert.True(status.Busy <= 1e6 * Bound.TotalSeconds, $"{status}");
        }
    }

    [Fact]
    public void Other_sockets_and_closed_ones_tell_nothing()
    {
        var (client, server) = SocketPair.Unix();
        using (server)
        using (client) Assert.Null(TcpTuning.ReadStatus(client));
        var (tcp, peer) = SocketPair.Tcp();
        using (peer)
        {
            var data = new DataSocket(tcp);
            Assert.NotNull(data.ReadStatus());
            data.Dispose();
            Assert.Null(data.ReadStatus());
        }
    }
}
