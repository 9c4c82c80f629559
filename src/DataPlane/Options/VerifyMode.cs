namespace DataPlane.Options;

/// <summary>How the two sides make sure that they hold the same.</summary>
public enum VerifyMode
{
    /// <summary>Both agree on a digest of every frame header, on counts and on the device state. Costs nothing.</summary>
    Digest,

    /// <summary>Also compares every page while both sides stand still; that time is not part of the downtime.</summary>
    Full,
}
