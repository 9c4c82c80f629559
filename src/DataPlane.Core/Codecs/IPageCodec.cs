namespace DataPlane.Core.Codecs;

/// <summary>
/// Turns a block of pages into fewer bytes and back. An instance belongs to one thread: it keeps its contexts from call to call, so that
/// nothing is allocated per block. The two spans of a call must not overlap and are not kept.
/// </summary>
/// <remarks>
/// <para>
/// What is encoded must stand still: a compressor reads its input more than once, and one that is written meanwhile may give bytes that
/// decode to neither the old nor the new page. So pages of a guest are copied to private memory first.
/// </para>
/// <para>
/// What is decoded comes from a peer. Decoders of this kind have leaked what a buffer held before, and read or written past its end
/// (CVE-2025-12183, CVE-2025-66566, RUSTSEC-2026-0041), each time because a length of the input was believed, or because a shorter result
/// passed for a whole one. Hence the one way to decode: the caller says how long the result is, and all of it comes out or it is a failure.
/// </para>
/// </remarks>
internal interface IPageCodec : IDisposable
{
    /// <summary>The longest block, in bytes: far more than a stripe, and small enough that no bound below overflows.</summary>
    const int MaxLength = 1 << 30;

    /// <summary>What this codec writes and reads. Codecs of the same encoding read each other's blocks.</summary>
    PageEncoding Encoding { get; }

    /// <summary>The encoding and who does the work, for reports: <c>lz4 (liblz4 1.9.4)</c>.</summary>
    string Name { get; }

    /// <summary>Bytes that any block of <paramref name="length"/> bytes (0 to <see cref="MaxLength"/>) fits into when encoded.</summary>
    int MaxEncodedSize(int length);

    /// <summary>
    /// Encodes <paramref name="from"/> into <paramref name="to"/> and returns how many bytes that took, or 0 where it does not fit or
    /// <paramref name="from"/> is empty: then the block is to be sent as it is, and <paramref name="to"/> may hold anything. A caller that
    /// wants a gain gives less room than <paramref name="from"/> takes.
    /// </summary>
    int TryEncode(ReadOnlySpan<byte> from, Span<byte> to);

    /// <summary>
    /// Decodes all of <paramref name="from"/> into all of <paramref name="to"/>. True only if exactly that many bytes came out and no input
    /// was left over; what <paramref name="to"/> held before never shows in the result. On false <paramref name="to"/> may hold anything.
    /// Never reads or writes outside the two spans, whatever <paramref name="from"/> holds. An empty span on either side is a failure: no
    /// block is empty.
    /// </summary>
    bool TryDecodeExact(ReadOnlySpan<byte> from, Span<byte> to);
}
