namespace DataPlane.Guests;

/// <summary>What guest memory holds before the guest starts.</summary>
public enum MemoryFill
{
    /// <summary>Zeros. Memory of no file is not even touched, and stays unpopulated.</summary>
    Zero,

    /// <summary>Noise that no codec shortens.</summary>
    Random,

    /// <summary>English-like text, which shortens to about a half.</summary>
    Text,

    /// <summary>In pieces of 64 KiB: a quarter zeros, a half text, a quarter noise.</summary>
    Mixed,
}
