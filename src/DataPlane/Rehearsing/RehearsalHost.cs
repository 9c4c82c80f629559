using System.Buffers;
using System.Diagnostics;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;

namespace DataPlane.Rehearsing;

/// <summary>
/// The host of a rehearsal: some pages are written as the guest stops and one as its state is saved, so that the blackout sends pages, reads the
/// dirty sources once more and fences in between, as with any guest. It knows its guest's moments, as the hosts of real ones may.
/// </summary>
internal sealed class RehearsalHost(RamBlock block, ExplicitDirtySource marks, int stateBytes, bool answersLate) : IMigrationHost, IGuestMoments
{
    /// <summary>Pages from the first on that are no zeros and are marked as the guest stops: as many as a frame needs to go by reference.</summary>
    public const int WrittenPages = 16;

    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(1);

    public IReadOnlyList<DeviceSection> Sections { get; } = [new("rehearsal", 1, stateBytes)];

    public long? StoppedAt { get; private set; }

    public long? ResumedAt { get; private set; }

    public ValueTask PauseAsync(CancellationToken cancel)
    {
        marks.Mark(block, 0, (long)WrittenPages * PageGeometry.PageSize);
        StoppedAt = Stopwatch.GetTimestamp(); // CLOCK_MONOTONIC, in nanoseconds on Linux.
        return AnswerAsync();
    }

    public ValueTask ResumeAsync(CancellationToken cancel)
    {
        ResumedAt = Stopwatch.GetTimestamp();
        return AnswerAsync();
    }

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        state.GetSpan(stateBytes)[..stateBytes].Clear();
        state.Advance(stateBytes);
        marks.Mark(block, PageGeometry.PageSize, 1);
        return AnswerAsync();
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks written, CancellationToken cancel) => AnswerAsync();

    public ValueTask ReleaseAsync(CancellationToken cancel) => AnswerAsync();

    public ValueTask AcquireAsync(CancellationToken cancel) => AnswerAsync();

    public ValueTask AnnounceAsync(CancellationToken cancel) => AnswerAsync();

    /// <summary>
    /// A host that answers at once and one that does not take different ways through the session: what the other side does next is waited for, and
    /// not there already.
    /// </summary>
    private async ValueTask AnswerAsync()
    {
        if (answersLate) await Task.Delay(Late);
    }
}
