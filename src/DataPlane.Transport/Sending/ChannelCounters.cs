using System.Runtime.InteropServices;

namespace DataPlane.Transport.Sending;

/// <summary>
/// What one channel has done. Written by its thread alone, read by anyone; padded to two cache lines, so that readers and
/// neighbouring channels do not slow the writer down.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct ChannelCounters
{
    /// <summary>Bytes on the wire, headers included.</summary>
    [FieldOffset(0)] public long WireBytes;

    /// <summary>Pages with contents.</summary>
    [FieldOffset(8)] public long Pages;

    /// <summary>Pages known to be zero.</summary>
    [FieldOffset(16)] public long ZeroPages;

    /// <summary>Frames of every kind.</summary>
    [FieldOffset(24)] public long Frames;

    /// <summary>Timestamp ticks inside socket calls.</summary>
    [FieldOffset(32)] public long BlockedTicks;

    /// <summary>Timestamp ticks with work at hand, socket calls included.</summary>
    [FieldOffset(40)] public long BusyTicks;

    /// <summary>Managed bytes this channel's thread has allocated since its first order.</summary>
    [FieldOffset(48)] public long AllocatedBytes;

    /// <summary>Pages among <see cref="Pages"/> that were sent encoded.</summary>
    [FieldOffset(64)] public long EncodedPages;

    /// <summary>Bytes that those took.</summary>
    [FieldOffset(72)] public long EncodedBytes;

    /// <summary>Timestamp ticks spent waiting with nothing to send.</summary>
    [FieldOffset(112)] public long IdleTicks;

    /// <summary>Socket calls.</summary>
    [FieldOffset(56)] public long Calls;
}
