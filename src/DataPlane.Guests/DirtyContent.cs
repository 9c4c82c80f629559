namespace DataPlane.Guests;

/// <summary>What is written. The numbers are part of a guest's saved state.</summary>
public enum DirtyContent
{
    /// <summary>Noise that no codec shortens.</summary>
    Random = 0,

    /// <summary>Noise and zeros in turn, 32 bytes of each: a page that was filled with it shortens to about a half.</summary>
    Compressible = 1,
}
