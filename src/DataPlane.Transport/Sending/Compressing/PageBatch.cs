using System.Runtime.InteropServices;
using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending.Compressing;

/// <summary>
/// One frame on its way through a <see cref="BatchLine"/>: pages that a compressor is to encode, or pages or zeros that only keep their place in
/// the line. One owner at a time: the pool; the channel that rented it, which fills it; the compressor that took it off the queue; the channel
/// again once it <see cref="IsDone"/>, until the socket has its bytes; the pool. The channel's line names it all the while, for the put-back.
/// </summary>
internal sealed unsafe class PageBatch : IDisposable
{
    private volatile bool _done;

    /// <summary>Pages copied out of guest memory.</summary>
    public byte* Copied { get; private set; } = (byte*)NativeMemory.AlignedAlloc(PageEncoder.BlockBytes, 64);

    /// <summary>What they were encoded to.</summary>
    public byte* Encoded { get; private set; } = (byte*)NativeMemory.AlignedAlloc(PageEncoder.BlockBytes, 64);

    // Set by the channel before the hand-over.
    public BatchLine? Line { get; set; }

    public PageEncoding Codec { get; set; }

    public RamBlock? Block { get; set; }

    /// <summary>Guest-wide; of a run the first.</summary>
    public int Stripe { get; set; }

    public uint Pass { get; set; }

    /// <summary>Fields, not properties: a mask is read in place.</summary>
    public StripeWords Pages;
    public StripeWords Zeros;

    /// <summary>Pages in <see cref="Pages"/>.</summary>
    public int Count { get; set; }

    /// <summary>Whole stripes of zeros, where this tells of a run of them and not of pages.</summary>
    public int RunCount { get; set; }

    // Set by the compressor before it is done.

    /// <summary>Bytes at <see cref="Encoded"/>; 0 where the pages go as they are.</summary>
    public int Length { get; set; }

    /// <summary>Timestamp ticks that encoding took.</summary>
    public long Ticks { get; set; }

    /// <summary>Whether it can be sent.</summary>
    public bool IsDone
    {
        get => _done;
        set => _done = value; // Volatile: the result above is there for whoever sees this.
    }

    /// <summary>Back to what a new one is, but for its buffers: the pool keeps nothing alive.</summary>
    public void Clear()
    {
        Line = null;
        Block = null;
        Pages = Zeros = default;
        Count = RunCount = 0;
        Length = 0;
        Ticks = 0;
        _done = false;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Copied);
        NativeMemory.AlignedFree(Encoded);
        Copied = Encoded = null; // Disposing twice is allowed.
    }
}
