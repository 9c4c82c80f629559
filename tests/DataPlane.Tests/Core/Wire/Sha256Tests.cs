using System.Security.Cryptography;
using System.Text;
using DataPlane.Core.Wire;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Wire;

public sealed class Sha256Tests
{
    // FIPS 180-4's examples, and one million times the letter a.
    [Theory]
    [InlineData("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")]
    public void Hash_is_the_standards(string text, int times, string expected)
    {
        var hash = new byte[Sha256.Size];
        Sha256.Hash([], Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times))), hash);
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    // RFC 4231, cases 1 to 3.
    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")]
    public void Mac_is_the_standards(string key, string message, string expected)
    {
        var mac = new byte[Sha256.Size];
        Sha256.Mac(Convert.FromHexString(key), Convert.FromHexString(message), mac);
        Assert.Equal(expected, Convert.ToHexStringLower(mac));
    }

    [Fact]
    public void Every_length_agrees_with_the_runtimes_own()
    {
        var random = new Random(3);
        var mac = new byte[Sha256.Size];
        for (var length = 0; length <= 300; length++)
        {
            byte[] message = new byte[length], key = new byte[length % 65];
            random.NextBytes(message);
            random.NextBytes(key);
            Sha256.Mac(key, message, mac);
            Assert.Equal(HMACSHA256.HashData(key, message), mac);
        }
    }

    [Fact]
    public void Any_message_agrees_with_the_runtimes_own() => PropertyCheck.Holds<(byte[] Key, byte[] Message)>(given =>
    {
        var (key, message) = (given.Key ?? [], given.Message ?? []);
        var mac = new byte[Sha256.Size];
        Sha256.Mac(key.AsSpan(0, Math.Min(64, key.Length)), message, mac);
        Assert.Equal(HMACSHA256.HashData(key.AsSpan(0, Math.Min(64, key.Length)), message), mac);
    });

    [Fact]
    public void A_key_longer_than_a_block_is_misuse() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sha256.Mac(new byte[65], [], new byte[Sha256.Size]));
}
