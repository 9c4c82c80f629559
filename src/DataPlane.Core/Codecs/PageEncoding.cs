namespace DataPlane.Core.Codecs;

/// <summary>How a block of pages is written on the wire. The numbers are wire numbers: never reuse or renumber one.</summary>
internal enum PageEncoding : byte
{
    /// <summary>The bytes themselves.</summary>
    None = 0,

    /// <summary>One block of the LZ4 block format, without a frame around it.</summary>
    Lz4 = 1,

    /// <summary>One Zstandard frame that states its content's size, without a dictionary.</summary>
    Zstd = 2,
}
