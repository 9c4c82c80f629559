using System.Buffers;

namespace DataPlane.Host;

/// <summary>
/// What the data plane asks of a VMM, on either side. Calls come from one thread at a time and never overlap, so that a resume
/// can not run beside another step. A call that throws fails the migration, naming the step; before the handover the guest then
/// goes on where it was. After it a destination that fails to acquire or resume leaves the outcome uncertain, and one that fails to
/// announce has the guest all the same.
/// </summary>
/// <remarks>
/// A call whose token is cancelled should return soon, by itself or by throwing: since no other step may run beside it, a cancel is answered and
/// the guest resumed only when it has returned. The log names one that has not within a second.
/// <para>The rules of memory, which hold whatever the guest does:</para>
/// <list type="number">
/// <item>When <see cref="PauseAsync"/> has returned, no vCPU, device or back end writes guest memory, and every write that a dirty
/// source does not see by itself has been marked.</item>
/// <item>Saving may write guest memory (a device that flushes its queues): the dirty sources are read once more afterwards.
/// After the last <see cref="SaveAsync"/> nothing writes.</item>
/// <item><see cref="LoadAsync"/> reports what it writes to guest memory.</item>
/// <item>An embedder that writes guest memory writes first and marks afterwards.</item>
/// <item>RAM blocks are neither added nor removed while a migration runs.</item>
/// </list>
/// Source: PauseAsync, SaveAsync for each section, ReleaseAsync, and nothing more if the guest moved; else AcquireAsync (when
/// released) and ResumeAsync. Destination: LoadAsync for each section, AcquireAsync, ResumeAsync, AnnounceAsync.
/// </remarks>
public interface IMigrationHost
{
    /// <summary>
    /// The device state to hand over (source) or accepted (destination): the same ids and versions in the same order on both sides. Read once, when
    /// the source or destination is made.
    /// </summary>
    IReadOnlyList<DeviceSection> Sections { get; }

    /// <summary>Source. Stops the guest. See the first rule of memory.</summary>
    ValueTask PauseAsync(CancellationToken cancel);

    /// <summary>
    /// Lets the guest run: on the destination after the handover, on the source after a migration that failed or was cancelled
    /// with the guest stopped. Returns when its vCPUs are being run.
    /// </summary>
    ValueTask ResumeAsync(CancellationToken cancel);

    /// <summary>Source, guest stopped. Writes the state of <paramref name="section"/>, at most its declared size.</summary>
    ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel);

    /// <summary>Destination, before the guest runs. The state is valid during the call only.</summary>
    ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel);

    /// <summary>Source, before the handover: let go of what both sides cannot hold at once (disk locks, addresses).</summary>
    ValueTask ReleaseAsync(CancellationToken cancel);

    /// <summary>Take what <see cref="ReleaseAsync"/> let go of: on the destination before it resumes, on the source before it resumes after a release.</summary>
    ValueTask AcquireAsync(CancellationToken cancel);

    /// <summary>Destination, guest running: tell the network where it is now.</summary>
    ValueTask AnnounceAsync(CancellationToken cancel);
}
