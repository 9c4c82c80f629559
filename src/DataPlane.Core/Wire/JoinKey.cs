using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DataPlane.Core.Wire;

/// <summary>
/// What a data channel needs to join a session: the destination draws both for each source that it accepts and tells them in ACCEPT. The
/// secret never travels again; a channel shows a MAC that only its holder can make, for one session, number, version and nonce.
/// </summary>
/// <param name="Secret">Key of the MAC.</param>
/// <param name="Nonce">Drawn anew for each ACCEPT, so that a recorded preamble is good for no other, even where a secret were kept.</param>
internal readonly record struct JoinKey(Guid Secret, Guid Nonce)
{
    private const int IdSize = 16;

    /// <summary>The MAC of a data preamble: the first 128 bits of HMAC-SHA256 over its bytes up to the MAC, and the nonce.</summary>
    public UInt128 MacOf(in Preamble preamble)
    {
        Span<byte> message = stackalloc byte[Preamble.Size];
        preamble.Write(message);
        _ = Nonce.TryWriteBytes(message[Preamble.MacOffset..]);
        Span<byte> secret = stackalloc byte[IdSize], mac = stackalloc byte[Sha256.Size];
        _ = Secret.TryWriteBytes(secret);
        Sha256.Mac(secret, message[..(Preamble.MacOffset + IdSize)], mac);
        return BinaryPrimitives.ReadUInt128LittleEndian(mac);
    }

    /// <summary>Whether the preamble bears the MAC that this key gives it. Takes as long whatever bits differ.</summary>
    public bool Fits(in Preamble preamble)
    {
        Span<byte> due = stackalloc byte[IdSize], shown = stackalloc byte[IdSize];
        BinaryPrimitives.WriteUInt128LittleEndian(due, MacOf(preamble));
        BinaryPrimitives.WriteUInt128LittleEndian(shown, preamble.Mac);
        return CryptographicOperations.FixedTimeEquals(due, shown);
    }
}
