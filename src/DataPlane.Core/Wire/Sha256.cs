using System.Buffers.Binary;
using System.Numerics;

namespace DataPlane.Core.Wire;

/// <summary>
/// SHA-256 (FIPS 180-4) and HMAC over it (RFC 2104), for the few dozen bytes of a preamble.
/// </summary>
/// <remarks>
/// Why not the runtime's own: that one loads OpenSSL, and where libssl is missing it ends the process, which here is the process of a
/// running guest. This one needs nothing, and costs microseconds per connection.
/// </remarks>
internal static class Sha256
{
    public const int Size = 32;
    private const int BlockSize = 64;
    private const int LengthSize = 8;

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The 32 bytes of HMAC-SHA256. The key has at most 64 bytes.</summary>
    public static void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, BlockSize);
        Span<byte> padded = stackalloc byte[BlockSize];
        padded.Clear();
        key.CopyTo(padded);
        Span<byte> inner = stackalloc byte[Size];
        Xor(padded, 0x36);
        Hash(padded, message, inner);
        Xor(padded, 0x36 ^ 0x5c);
        Hash(padded, inner, mac);
    }

    /// <summary>The 32 bytes of the hash of <paramref name="first"/>, which is empty or whole blocks of 64 bytes, and <paramref name="rest"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest, Span<byte> hash)
    {
        // The first 32 bits of the fractional parts of the square roots of the first 8 primes.
        Span<uint> state =
            [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        var bits = (ulong)(first.Length + (long)rest.Length) * 8;
        for (; first.Length >= BlockSize; first = first[BlockSize..]) Compress(state, first);
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..]) Compress(state, rest);

        Span<byte> last = stackalloc byte[2 * BlockSize];
        last.Clear();
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        if (rest.Length + 1 + LengthSize <= BlockSize) last = last[..BlockSize];
        BinaryPrimitives.WriteUInt64BigEndian(last[^LengthSize..], bits);
        for (; !last.IsEmpty; last = last[BlockSize..]) Compress(state, last);
        for (var i = 0; i < state.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * i)..], state[i]);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[64];
        for (var i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (var i = 16; i < 64; i++)
        {
            var early = BitOperations.RotateRight(words[i - 15], 7) ^ BitOperations.RotateRight(words[i - 15], 18) ^ (words[i - 15] >> 3);
            var late = BitOperations.RotateRight(words[i - 2], 17) ^ BitOperations.RotateRight(words[i - 2], 19) ^ (words[i - 2] >> 10);
            words[i] = words[i - 16] + early + words[i - 7] + late;
        }
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < 64; i++)
        {
            var one = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            var next = h + one + ((e & f) ^ (~e & g)) + Constants[i] + words[i];
            var zero = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            var majority = (a & b) ^ (a & c) ^ (b & c);
            (h, g, f, e, d, c, b, a) = (g, f, e, d + next, c, b, a, next + zero + majority);
        }
        ReadOnlySpan<uint> changes = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < state.Length; i++) state[i] += changes[i];
    }

    private static void Xor(Span<byte> bytes, byte with)
    {
        foreach (ref var each in bytes) each ^= with;
    }
}
