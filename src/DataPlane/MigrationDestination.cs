using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane;

/// <summary>
/// The side the guest goes to. One object carries out one migration. The memory and the host stay the caller's; they must outlive
/// <see cref="RunAsync"/>.
/// </summary>
public sealed class MigrationDestination
{
    private readonly string _stub = "";

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>.</summary>
    public MigrationDestination(GuestMemory memory, IMigrationHost host, MigrationDestinationOptions options)
    {
        _ = (memory, host, options);
    }

    /// <summary>How it stands now. From any thread.</summary>
    public MigrationProgress Progress => throw new InvalidOperationException(_stub);

    /// <summary>
    /// Waits for a source on <paramref name="listener"/> and takes its guest. Connections that speak another protocol or do not fit are
    /// refused with the reason and do not end the wait. Returns when the guest runs here (completed), or when a migration that had
    /// passed the handshake failed or was cancelled: then the guest has not run here.
    /// </summary>
    public Task<MigrationResult> RunAsync(MigrationListener listener, CancellationToken cancel) =>
        Task.FromException<MigrationResult>(new InvalidOperationException(_stub));
}
