namespace DataPlane.Core.Wire.Frames;

/// <summary>Why a frame header is refused.</summary>
internal enum FrameFault
{
    None,
    BadMagic,
    BadChecksum,
    UnknownKind,
    UnknownEncoding,
    OutOfSequence,
    NoSuchBlock,
    NoSuchStripe,
    NoSuchPage,
    PageBothZeroAndSent,
    NothingInIt,
    BadPayloadLength,
    BadStripeRun,
    NoSuchSection,
    BadStateRange,
    ReservedNotZero,
}
