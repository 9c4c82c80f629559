namespace DataPlane.Core.Traces;

/// <summary>The numbers of TRACES.md.</summary>
internal static class TraceLayout
{
    public const ulong Magic = 0x4543_4152_5459_5044; // "DPYTRACE"
    public const ushort FormatVersion = 1;
    public const uint StepMagic = 0x50455453; // "STEP"
    public const uint EndMagic = 0x454E4F44; // "DONE"

    /// <summary>Bytes of the header before its text.</summary>
    public const int HeaderSize = 28;

    /// <summary>Bytes of a step before its runs, with their checksum.</summary>
    public const int StepHeaderSize = 32;

    /// <summary>Bytes of the record at the end.</summary>
    public const int EndSize = 16;

    public const int ChecksumSize = sizeof(uint);

    /// <summary>A number of 63 bits in groups of seven.</summary>
    public const int MaxNumberSize = 9;

    /// <summary>A run takes two numbers of at least one byte.</summary>
    public const int MinRunSize = 2;

    /// <summary>The most bytes of one step's runs: half a GiB, in which every other page of 1 TiB has room.</summary>
    public const int MaxRunsSize = 1 << 29;
}
