namespace DataPlane;

/// <summary>A bound and listening socket for a destination. Lives on when a migration, or a stranger's connection, fails.</summary>
public sealed class MigrationListener : IDisposable
{
    private readonly string _stub = "";

    /// <summary>Binds and listens. Throws <see cref="Core.Errors.MigrationException"/> (cannot-connect) naming the address and the reason.</summary>
    public static MigrationListener Bind(MigrationAddress address) => throw new InvalidOperationException(address?.ToString());

    /// <summary>The address in effect, with the port that was picked.</summary>
    public MigrationAddress Address => throw new InvalidOperationException(_stub);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
