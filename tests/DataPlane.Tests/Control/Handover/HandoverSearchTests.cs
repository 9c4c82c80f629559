using System.Runtime.CompilerServices;
using DataPlane.Tests.Kit;
using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Control.Handover;

public sealed class HandoverSearchTests(ITestOutputHelper output)
{
    [Fact]
    public void States_are_told_apart_by_every_byte()
    {
        Assert.Equal(0, World.Size % sizeof(ulong));
        Assert.Equal(World.Size, Unsafe.SizeOf<World>());
        var last = default(World) with { Reboots = 1 }; // The last field: what lies behind the last whole word would not be compared.
        Assert.False(new WorldComparer().Equals(default, last));
    }

    /// <summary>The least numbers are what one run counted, rounded down: a search that shrinks has lost some of its faults.</summary>
    [Theory]
    [InlineData(false, false, 150_000)]
    [InlineData(false, true, 60_000)]
    [InlineData(true, false, 1_200_000)]
    [InlineData(true, true, 160_000)]
    public void No_state_breaks_a_rule_and_every_state_leads_to_an_end(bool arbiter, bool flushed, int least)
    {
        var many = TestSet.All || (arbiter && !flushed);
        var bounds = many ? new HandoverBounds(arbiter, flushed, 3, 2, 2, 2) : new HandoverBounds(arbiter, flushed, 2, 1, 1, 2);
        if (TestSet.All) bounds = bounds with { DiskFaults = 5, ArbiterFaults = 3 };
        var result = new HandoverSearch(new HandoverRules(), bounds).Run();
        output.WriteLine(
            $"{result.States} states, {result.Steps} steps; they lead to {string.Join(", ", result.Ends.Select(end => $"{end.Key} {end.Value}"))}");
        Assert.True(result.Fault is null, result.Fault);
        Assert.InRange(result.States, least, int.MaxValue);
        foreach (var end in (HandoverEnd[])[HandoverEnd.RunsOnSource, HandoverEnd.RunsOnDestination, HandoverEnd.DiedWithItsHolder])
            Assert.True(result.Ends.ContainsKey(end), $"No state leads to {end}: the search does not see what it should.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_reboot_nothing_is_uncertain_once_the_link_is_back(bool arbiter)
    {
        var result = new HandoverSearch(new HandoverRules(), new HandoverBounds(arbiter, DiskFaults: 2, Reboots: 0)).Run();
        Assert.True(result.Fault is null, result.Fault);
        Assert.False(result.Ends.ContainsKey(HandoverEnd.UncertainAfterReboot));
    }
}
