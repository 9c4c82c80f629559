namespace DataPlane.Bench.Compare;

/// <summary>What a guest's memory holds.</summary>
internal enum MemoryContents
{
    /// <summary>Noise that no codec shortens.</summary>
    Random,

    /// <summary>Zeros, in pages that are present.</summary>
    Zero,

    /// <summary>Pages of zeros and of noise in turn.</summary>
    Half,

    /// <summary>Pages of a process' memory.</summary>
    Dump,

    /// <summary>Stripes of a process' memory, of noise and of zeros in turn: what is best for one is not for the next.</summary>
    Mixed,
}
