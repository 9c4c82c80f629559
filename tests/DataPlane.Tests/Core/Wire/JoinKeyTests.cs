using System.Security.Cryptography;
using DataPlane.Core.Wire;
using Xunit;

namespace DataPlane.Tests.Core.Wire;

public sealed class JoinKeyTests
{
    private static readonly JoinKey Key = new(Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"), Guid.Parse("11121314-1516-1718-191a-1b1c1d1e1f20"));
    private static readonly Preamble Sample = Preamble.ForChannel(7, 1, Guid.Parse("21222324-2526-2728-292a-2b2c2d2e2f30"), Key);

    /// <summary>By the words of WIRE.md, with the runtime's HMAC.</summary>
    [Fact]
    public void Mac_is_what_the_protocol_says()
    {
        var bytes = Bytes(Sample);
        byte[] message = [.. bytes[..32], .. Key.Nonce.ToByteArray()];
        Assert.Equal(HMACSHA256.HashData(Key.Secret.ToByteArray(), message)[..16], bytes[32..48]);
    }

    [Fact]
    public void Own_mac_fits_and_survives_the_wire()
    {
        Assert.True(Preamble.TryRead(Bytes(Sample), out var read, out _));
        Assert.True(Key.Fits(read));
    }

    [Fact]
    public void Every_other_field_key_or_nonce_has_another_mac()
    {
        Assert.All<Preamble>(
            [
                Sample with { Channel = 8 }, Sample with { OldestVersion = 2 }, Sample with { NewestVersion = 2 },
                Sample with { Session = Guid.Empty }, Sample with { Role = ConnectionRole.Control },
            ],
            other => Assert.False(Key.Fits(other)));
        Assert.False((Key with { Secret = Guid.Empty }).Fits(Sample));
        Assert.False((Key with { Nonce = Guid.Empty }).Fits(Sample));
    }

    [Fact]
    public void Every_flipped_bit_of_the_mac_is_seen()
    {
        for (var bit = 0; bit < 128; bit++)
            Assert.False(Key.Fits(Sample with { Mac = Sample.Mac ^ (UInt128.One << bit) }));
    }

    private static byte[] Bytes(Preamble preamble)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        return bytes;
    }
}
