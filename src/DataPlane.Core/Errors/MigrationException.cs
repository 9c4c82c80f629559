namespace DataPlane.Core.Errors;

/// <summary>
/// Carries a <see cref="MigrationError"/> out of the depth of one side to the place that turns it into a result. Never leaves the
/// public API: there it is a value.
/// </summary>
public sealed class MigrationException(MigrationError error, Exception? inner = null) : Exception(error.ToString(), inner)
{
    /// <summary>The fault.</summary>
    public MigrationError Error { get; } = error;
}
