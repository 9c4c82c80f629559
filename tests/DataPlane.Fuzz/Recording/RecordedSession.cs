using DataPlane.Core.Codecs;
using DataPlane.Core.Wire.Messages;
using DataPlane.Options;

namespace DataPlane.Fuzz.Recording;

/// <summary>What to record.</summary>
internal sealed record RecordingPlan(int Channels, PageCompression Compression, IntegrityMode Integrity, VerifyMode Verify = VerifyMode.Digest);

/// <summary>A real migration of the small guest, byte by byte as it went over each connection, and what it ended with.</summary>
internal sealed record RecordedSession
{
    public required RecordingPlan Plan { get; init; }

    /// <summary>All bytes of the control connection from the source, and its messages.</summary>
    public required byte[] Control { get; init; }

    /// <summary>All bytes of the control connection from the destination.</summary>
    public required byte[] Return { get; init; }

    /// <summary>All bytes of each data connection from the source.</summary>
    public required byte[][] Data { get; init; }

    /// <summary>The source's memory when the guest was given away, by block.</summary>
    public required byte[][] Memory { get; init; }

    /// <summary>The messages from the source, HELLO first.</summary>
    public byte[] Messages => Behind(Control, "DPC1"u8);

    /// <summary>The messages from the destination, ACCEPT first.</summary>
    public byte[] Answers => Behind(Return, "DPC1"u8);

    /// <summary>The frames of data channel <paramref name="channel"/>, without what stands before them in the connection.</summary>
    public byte[] Frames(int channel) => Behind(Data[channel], "DPF1"u8);

    public HelloMessage Hello => (HelloMessage)MessageList.Parse(Messages).Items[0].Read()!;

    public PageEncoding Encoding => Plan.Compression switch
    {
        PageCompression.Lz4 => PageEncoding.Lz4,
        PageCompression.Zstd => PageEncoding.Zstd,
        _ => PageEncoding.None,
    };

    public bool PageSums => Plan.Integrity == IntegrityMode.Pages;

    // What stands before (a preamble, and whatever else a handshake may say) is none of the replays' business.
    private static byte[] Behind(byte[] bytes, ReadOnlySpan<byte> magic) => bytes[Math.Max(0, bytes.AsSpan().IndexOf(magic))..];
}
