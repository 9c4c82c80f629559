using DataPlane.Tools.Predict;
using DataPlane.Tools.Predict.Memory;
using Xunit;

namespace DataPlane.Tests.Tools.Predict;

public sealed class VirtualMemoryTests
{
    private const long Pages = 1 << 18;
    private const double Rate = 100 << 20;

    [Fact]
    public void Uniform_writes_meet_pages_again_as_the_exponential_says()
    {
        var memory = Cleared(PredictPattern.Uniform);
        var writes = Rate / 4096 * 3;
        Assert.Equal(Pages * (1 - Math.Exp(-writes / Pages)), memory.Sync(3).Added, 0.5);
    }

    [Fact]
    public void Sequential_writes_meet_a_new_page_each_until_they_have_been_round()
    {
        Assert.Equal(Rate / 4096 * 3, Cleared(PredictPattern.Sequential).Sync(3).Added, 0.5);
        Assert.Equal(Pages, Cleared(PredictPattern.Sequential).Sync(60).Added, 0.5);
    }

    [Fact]
    public void Hot_pages_level_off_at_the_working_set_and_the_cold_go_on()
    {
        var memory = Cleared(PredictPattern.HotCold);
        var hot = (64L << 20) / 4096;
        var added = memory.Sync(20).Added;
        var cold = (Pages - hot) * (1 - Math.Exp(-Rate / 4096 * 20 * 0.1 / Pages));
        Assert.Equal(hot + cold, added, 1.0);
    }

    [Fact]
    public void Zipf_writes_as_often_as_it_is_told()
    {
        // So short that hardly a page is met twice but the first few ranks.
        var memory = Cleared(PredictPattern.Zipf);
        var added = memory.Sync(0.01).Added;
        Assert.InRange(added, 0.75 * Rate / 4096 * 0.01, Rate / 4096 * 0.01);
    }

    [Fact]
    public void Burst_writes_in_the_first_half_of_a_second_alone()
    {
        var memory = Cleared(PredictPattern.Burst);
        Assert.True(memory.Sync(0.5).Added > 1000);
        Assert.Equal(0, memory.Sync(0.99).Added, 6);
    }

    [Fact]
    public void Throttled_guest_writes_as_much_less()
    {
        var memory = Cleared(PredictPattern.Sequential);
        memory.Throttle(75, 0);
        Assert.Equal(Rate / 4096 / 4, memory.Sync(1).Added, 0.5);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 3)]
    public void Page_written_before_it_was_sent_comes_again_only_from_marks(bool rearms, double seconds)
    {
        var memory = new PatternMemory(Guest(PredictPattern.Uniform) with { RearmsWhenSent = rearms }, 0);
        for (var segment = 0; segment < memory.SegmentCount; segment++) _ = memory.Claim(segment, 2);
        Assert.Equal(Pages * (1 - Math.Exp(-Rate / 4096 * seconds / Pages)), memory.Sync(3).Added, 0.5);
    }

    [Fact]
    public void Zero_pages_are_those_that_nobody_has_written_yet()
    {
        var memory = new PatternMemory(Guest(PredictPattern.Uniform) with { ZeroShare = 0.5 }, 0);
        var claimed = memory.Claim(0, 5);
        var untouched = Math.Exp(-Rate / 4096 * 5 / Pages);
        Assert.Equal(claimed.Pages * 0.5 * untouched, claimed.Zero, 6);
        Assert.Equal(claimed.Pages * 0.5 * (1 - untouched), claimed.Sparse, 6);
    }

    [Fact]
    public void Trace_is_replayed_page_by_page_and_again_from_its_beginning()
    {
        var memory = new TraceMemory(Guest(PredictPattern.Uniform) with { Trace = Guests.Trace(Pages * 4096, 1000, 0, 500) }, 0);
        Clear(memory);
        Assert.Equal(1000, memory.Sync(0.1).Added);
        Assert.Equal(0, memory.Sync(0.2).Added);
        Assert.Equal(0, memory.Sync(0.3).Added); // Marked already.
        Clear(memory, 0.3);
        Assert.Equal(1000, memory.Sync(0.4).Added);
        Clear(memory, 0.4);
        Assert.Equal(500, memory.Sync(0.6).Added);
    }

    [Fact]
    public void Half_a_step_of_a_trace_holds_about_half_of_its_pages_and_the_rest_the_others()
    {
        var memory = new TraceMemory(Guest(PredictPattern.Uniform) with { Trace = Guests.Trace(Pages * 4096, 10_000) }, 0);
        Clear(memory);
        var half = memory.Sync(0.05).Added;
        Assert.InRange(half, 4500, 5500);
        Assert.Equal(10_000 - half, memory.Sync(0.1).Added);
    }

    private static PredictGuest Guest(PredictPattern pattern) => new() { MemoryBytes = Pages * 4096, DirtyBytesPerSecond = Rate, Pattern = pattern };

    private static PatternMemory Cleared(PredictPattern pattern)
    {
        var memory = new PatternMemory(Guest(pattern), 0);
        Clear(memory);
        return memory;
    }

    private static void Clear(VirtualMemory memory, double at = 0)
    {
        for (var segment = 0; segment < memory.SegmentCount; segment++) _ = memory.Claim(segment, at);
    }
}
