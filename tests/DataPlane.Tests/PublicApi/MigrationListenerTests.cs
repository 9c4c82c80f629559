using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Sessions;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.PublicApi;

public sealed class MigrationListenerTests
{
    [Theory]
    [InlineData("tcp:127.0.0.1:0")]
    [InlineData("tcp:localhost:0")]
    [InlineData("tcp:0.0.0.0:0")]
    [InlineData("tcp:[::]:0")] // Every address, those of IPv4 too.
    public void A_listener_takes_connections_on_the_port_it_names(string text)
    {
        using var listener = MigrationListener.Bind(Address(text));
        Assert.NotEqual(0, listener.Address.Port);
        // A name may stand for an address of either kind; all others are reached by IPv4.
        using var socket = Connect(text.Contains("localhost", StringComparison.Ordinal) ? IPAddress.Parse(listener.Address.Host!) : IPAddress.Loopback, listener.Address.Port);
        Assert.True(socket.Connected);
    }

    [Fact]
    public void A_taken_port_is_an_error_with_the_address_and_what_to_do()
    {
        using var first = MigrationListener.Bind(Address("tcp:127.0.0.1:0"));
        var fault = Assert.Throws<MigrationException>(() => MigrationListener.Bind(first.Address)).Error;
        Assert.Equal((MigrationErrorCode.CannotConnect, MigrationSide.Destination, "listen"), (fault.Code, fault.Side, fault.Step));
        Assert.Contains(first.Address.ToString(), fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("port 0 picks a free one.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_file_that_nobody_listens_on_is_replaced_and_removed_at_the_end()
    {
        var address = ConnectionKinds.Address(ConnectionKind.Unix);
        LeaveBehind(address.Path!);
        Assert.True(File.Exists(address.Path));
        using (var listener = MigrationListener.Bind(address))
        {
            using var client = SocketPair.Create(new UnixDomainSocketEndPoint(address.Path!));
            client.Connect(new UnixDomainSocketEndPoint(address.Path!));
            Assert.Equal(address, listener.Address);
        }
        Assert.False(File.Exists(address.Path));
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(address.Path) + "*"));
    }

    [Fact]
    public void A_socket_file_that_somebody_listens_on_is_left_to_him()
    {
        var address = ConnectionKinds.Address(ConnectionKind.Unix);
        using var first = MigrationListener.Bind(address);
        var fault = Assert.Throws<MigrationException>(() => MigrationListener.Bind(address)).Error;
        Assert.Equal((MigrationErrorCode.CannotConnect, "listen"), (fault.Code, fault.Step));
        Assert.Contains("Somebody listens there", fault.Message, StringComparison.Ordinal);
        using var client = SocketPair.Create(new UnixDomainSocketEndPoint(address.Path!));
        client.Connect(new UnixDomainSocketEndPoint(address.Path!));
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_as_it_is()
    {
        var address = ConnectionKinds.Address(ConnectionKind.Unix);
        File.WriteAllText(address.Path!, "a file");
        try
        {
            var fault = Assert.Throws<MigrationException>(() => MigrationListener.Bind(address)).Error;
            Assert.Contains("it is no socket", fault.Message, StringComparison.Ordinal);
            Assert.Equal("a file", File.ReadAllText(address.Path!));
        }
        finally
        {
            File.Delete(address.Path!);
        }
    }

    [Theory]
    [InlineData("tcp:127.0.0.1:1", "Is the destination listening there?")]
    [InlineData("tcp:name.invalid:1", "Check the name, or give an address.")]
    [InlineData("unix:/nowhere/a.sock", "No such file or directory. Is the destination listening there?")]
    public async Task A_destination_that_is_not_there_is_an_error_with_the_address_and_what_to_look_at(string text, string advice)
    {
        var fault = (await Assert.ThrowsAsync<MigrationException>(
            () => SessionSockets.ConnectAsync(Address(text), TimeSpan.FromSeconds(30), CancellationToken.None))).Error;
        Assert.Equal((MigrationErrorCode.CannotConnect, MigrationSide.Source, "connect"), (fault.Code, fault.Side, fault.Step));
        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(advice, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>What a process that is killed leaves: a socket's file with nobody behind it.</summary>
    private static void LeaveBehind(string path)
    {
        using (var socket = SocketPair.Create(new UnixDomainSocketEndPoint(path)))
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept"); // Out of the way: .NET removes the file with the socket.
        }
        File.Move(path + ".kept", path);
    }

    private static MigrationAddress Address(string text)
    {
        Assert.True(MigrationAddress.TryParse(text, out var address, out var fault), fault);
        return address!;
    }

    private static Socket Connect(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(address, port);
        return socket;
    }
}
