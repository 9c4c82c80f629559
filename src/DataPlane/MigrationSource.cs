using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Source;

namespace DataPlane;

/// <summary>
/// The side the guest leaves. One object carries out one migration; a second try takes a new one. The memory, the dirty source and
/// the host stay the caller's; they must outlive <see cref="RunAsync"/>.
/// </summary>
public sealed class MigrationSource
{
    private readonly SourceState _state;
    private int _started;

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>.</summary>
    public MigrationSource(GuestMemory memory, IDirtySource dirty, IMigrationHost host, MigrationOptions options)
        : this(memory, dirty, host, options, TimeProvider.System)
    {
    }

    internal MigrationSource(GuestMemory memory, IDirtySource dirty, IMigrationHost host, MigrationOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(dirty);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        _state = new SourceState(memory, dirty, host, options, time);
    }

    /// <summary>How it stands now. From any thread.</summary>
    public MigrationProgress Progress => SourceProgress.Of(_state);

    /// <summary>The pages that are not known to be on the destination. Stands still when <see cref="RunAsync"/> has returned.</summary>
    internal DirtyBitmap Unsent => _state.Bitmap;

    /// <summary>
    /// Migrates the running guest. Returns when the guest runs on the destination, or again (or still) on the source; which of the two
    /// is <see cref="MigrationResult.Status"/>. Failures of the network, the peer or the host are results, not exceptions.
    /// </summary>
    /// <param name="to">The destination's address.</param>
    /// <param name="cancel">Cancels before the handover; after COMMIT it has no effect and the outcome decides.</param>
    public async Task<MigrationResult> RunAsync(MigrationAddress to, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("This source has carried out its migration; a second try takes a new one.");
        using var session = new SourceSession(_state);
        return await session.RunAsync(to, cancel);
    }
}
