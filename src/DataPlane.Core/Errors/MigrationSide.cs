namespace DataPlane.Core.Errors;

/// <summary>Who found a fault or did a step.</summary>
public enum MigrationSide
{
    /// <summary>The side the guest leaves.</summary>
    Source,

    /// <summary>The side the guest goes to.</summary>
    Destination,
}
