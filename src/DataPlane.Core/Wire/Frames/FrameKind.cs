namespace DataPlane.Core.Wire.Frames;

/// <summary>What a frame on a data channel carries. Zero is invalid, so that cleared memory is never a frame.</summary>
internal enum FrameKind : byte
{
    Invalid = 0,

    /// <summary>Pages of one stripe: those of the page map follow, those of the zero map are zero.</summary>
    Pages = 1,

    /// <summary>Whole stripes that hold only zeros: the first, how many, and how far apart.</summary>
    ZeroStripes = 2,

    /// <summary>A piece of one device section's state.</summary>
    DeviceState = 3,

    /// <summary>Everything sent before it on this channel belongs before it: see decision "fence before the stop" in WIRE.md.</summary>
    Fence = 4,
}
