using System.Net;
using DataPlane.Linux.Sockets;
using Xunit;

namespace DataPlane.Tests.Linux.Sockets;

public sealed class PeerNamesTests
{
    [Theory]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7:4446")]
    [InlineData("192.0.2.7", "192.0.2.7:4446")]
    [InlineData("2001:db8::7", "[2001:db8::7]:4446")]
    public void Peer_has_the_address_that_people_know(string address, string name) => Assert.Equal(name, PeerNames.Of(new IPEndPoint(IPAddress.Parse(address), 4446)));
}
