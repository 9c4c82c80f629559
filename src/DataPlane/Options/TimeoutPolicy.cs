namespace DataPlane.Options;

/// <summary>What happens when <see cref="MigrationOptions.Timeout"/> runs out before the rest fits.</summary>
public enum TimeoutPolicy
{
    /// <summary>Give up; the guest goes on on the source.</summary>
    Cancel,

    /// <summary>Stop the guest and move what is left, however long it takes.</summary>
    Force,
}
