using System.Buffers;
using System.Buffers.Binary;
using DataPlane.Guests;
using DataPlane.Host;

namespace DataPlane.Peer;

/// <summary>
/// The guest with one device more, whose state counts the moves and holds what the guest had written when it was saved. So device state of
/// another move, or memory that does not belong to it, is noticed before the guest runs.
/// </summary>
internal sealed class CountingHost(IGuest guest) : IMigrationHost
{
    private static readonly DeviceSection Counter = new("move-counter", 1, 2 * sizeof(long));

    /// <summary>How often the guest has moved.</summary>
    public long Moves { get; private set; }

    // Last, so that the guest's own state is there when this is loaded.
    public IReadOnlyList<DeviceSection> Sections { get; } = [.. guest.Sections, Counter];

    public ValueTask PauseAsync(CancellationToken cancel) => guest.PauseAsync(cancel);

    public ValueTask ResumeAsync(CancellationToken cancel) => guest.ResumeAsync(cancel);

    public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel)
    {
        if (section.Id != Counter.Id) return guest.SaveAsync(section, state, cancel);
        var bytes = state.GetSpan(2 * sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Moves + 1);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[sizeof(long)..], guest.WriteCount);
        state.Advance(2 * sizeof(long));
        return ValueTask.CompletedTask;
    }

    public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel)
    {
        if (section.Id != Counter.Id) return guest.LoadAsync(section, state, marks, cancel);
        var writes = BinaryPrimitives.ReadInt64LittleEndian(state.Span[sizeof(long)..]);
        if (guest.WriteCount != writes)
            throw new InvalidDataException($"The guest had made {writes} writes when it was saved, and {guest.WriteCount} by what has arrived.");
        Moves = BinaryPrimitives.ReadInt64LittleEndian(state.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReleaseAsync(CancellationToken cancel) => guest.ReleaseAsync(cancel);

    public ValueTask AcquireAsync(CancellationToken cancel) => guest.AcquireAsync(cancel);

    public ValueTask AnnounceAsync(CancellationToken cancel) => guest.AnnounceAsync(cancel);
}
