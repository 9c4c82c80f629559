using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane;

/// <summary>
/// The side the guest leaves. One object carries out one migration; a second try takes a new one. The memory, the dirty source and
/// the host stay the caller's; they must outlive <see cref="RunAsync"/>.
/// </summary>
public sealed class MigrationSource
{
    private readonly string _stub = "";

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>.</summary>
    public MigrationSource(GuestMemory memory, IDirtySource dirty, IMigrationHost host, MigrationOptions options)
    {
        _ = (memory, dirty, host, options);
    }

    /// <summary>How it stands now. From any thread.</summary>
    public MigrationProgress Progress => throw new InvalidOperationException(_stub);

    /// <summary>
    /// Migrates the running guest. Returns when the guest runs on the destination, or again (or still) on the source; which of the two
    /// is <see cref="MigrationResult.Status"/>. Failures of the network, the peer or the host are results, not exceptions.
    /// </summary>
    /// <param name="to">The destination's address.</param>
    /// <param name="cancel">Cancels before the handover; after COMMIT it has no effect and the outcome decides.</param>
    public Task<MigrationResult> RunAsync(MigrationAddress to, CancellationToken cancel) =>
        Task.FromException<MigrationResult>(new InvalidOperationException(_stub));
}
