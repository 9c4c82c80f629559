using Xunit;

namespace DataPlane.Tests.PublicApi;

public sealed class MigrationAddressTests
{
    [Theory]
    [InlineData("tcp:host:1", "host", 1)]
    [InlineData("tcp:10.0.0.1:65535", "10.0.0.1", 65535)]
    [InlineData("tcp:[::1]:0", "::1", 0)]
    [InlineData("tcp:[::]:7000", "::", 7000)]
    [InlineData("tcp:[fe80::1%2]:7000", "fe80::1%2", 7000)]
    public void A_TCP_address_gives_host_and_port_and_prints_as_it_was_written(string text, string host, int port)
    {
        Assert.True(MigrationAddress.TryParse(text, out var address, out var fault));
        Assert.Null(fault);
        Assert.Equal((host, port, null), (address!.Host, address.Port, address.Path));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("unix:/run/a.sock", "/run/a.sock")]
    [InlineData("unix:a:b", "a:b")]
    public void A_UNIX_address_gives_the_path(string text, string path)
    {
        Assert.True(MigrationAddress.TryParse(text, out var address, out _));
        Assert.Equal((null, 0, path), (address!.Host, address.Port, address.Path));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:1")]
    [InlineData("TCP:host:1")]
    [InlineData("tcp:")]
    [InlineData("tcp:host")]
    [InlineData("tcp:host:")]
    [InlineData("tcp::1")]
    [InlineData("tcp:host:65536")]
    [InlineData("tcp:host:-1")]
    [InlineData("tcp:host:+1")]
    [InlineData("tcp:host: 1")]
    [InlineData("tcp: :1")]
    [InlineData("tcp:::1:80")]
    [InlineData("tcp:[::1:80")]
    [InlineData("tcp:[::1]80")]
    [InlineData("tcp:[10.0.0.1]:80")]
    [InlineData("tcp:[]:80")]
    [InlineData("unix:")]
    [InlineData("unix:a\0b")]
    public void What_is_no_address_is_named_with_the_accepted_forms(string text)
    {
        Assert.False(MigrationAddress.TryParse(text, out var address, out var fault));
        Assert.Null(address);
        Assert.Contains($"'{text}'", fault, StringComparison.Ordinal);
        Assert.Contains("tcp:HOST:PORT, tcp:[IPV6]:PORT, unix:PATH", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_path_is_measured_in_bytes()
    {
        Assert.True(MigrationAddress.TryParse("unix:" + new string('x', 107), out _, out _));
        Assert.False(MigrationAddress.TryParse("unix:" + new string('x', 108), out _, out _));
        Assert.False(MigrationAddress.TryParse("unix:" + new string('é', 54), out _, out _));
    }

    [Fact]
    public void Equal_texts_are_equal_addresses()
    {
        Assert.True(MigrationAddress.TryParse("tcp:a:1", out var one, out _));
        Assert.True(MigrationAddress.TryParse("tcp:a:1", out var two, out _));
        Assert.Equal(one, two);
    }
}
