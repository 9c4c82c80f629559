using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport;

public class HeaderSlotsTests
{
    private const ulong Round = HeaderSlots.Count;

    private readonly UnacknowledgedRing _ring = new();

    [Fact]
    public void Slots_of_frames_that_were_copied_are_free_at_once()
    {
        using var slots = new HeaderSlots(_ring);
        Assert.True(slots.AreFree(Round + 1, Round + 64));
        Assert.True(slots.AreFree((5 * Round) + 7, (5 * Round) + 70));
    }

    [Fact]
    public void Slot_of_a_frame_by_reference_is_free_when_the_frame_is_placed_and_not_before()
    {
        using var slots = new HeaderSlots(_ring);
        for (var i = 0; i < 100; i++) Assert.True(_ring.TryAddOther(168));
        slots.Lent(100);
        Assert.True(slots.AreFree(101, Round)); // Never used.
        Assert.False(slots.AreFree(Round + 1, Round + 1)); // The first frame's.
        Assert.False(slots.AreFree(Round - 10, Round + 1)); // With others that never were.
        Assert.False(slots.AreFree(Round + 100, Round + 163)); // The last lent one's.
        Assert.True(slots.AreFree(Round + 101, Round + 164));

        Assert.True(_ring.Acknowledge(40));

        Assert.True(slots.AreFree(Round + 1, Round + 40));
        Assert.False(slots.AreFree(Round + 1, Round + 41));
    }

    [Fact]
    public unsafe void Slot_is_the_frames_own_for_a_round()
    {
        using var slots = new HeaderSlots(_ring);
        Assert.Equal((nint)slots.Of(3), (nint)slots.Of(3 + Round));
        HashSet<nint> places = [];
        for (ulong sequence = 1; sequence <= Round; sequence++) Assert.True(places.Add((nint)slots.Of(sequence)));
    }
}
