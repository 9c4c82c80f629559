using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Control.Handover;

/// <summary>The search is as good as what it finds.</summary>
public sealed class BrokenHandoverTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(nameof(BrokenHandovers.ResumesBeforeTaken), false)]
    [InlineData(nameof(BrokenHandovers.ResumesBeforeTaken), true)]
    [InlineData(nameof(BrokenHandovers.NeverWithoutRecord), false)]
    [InlineData(nameof(BrokenHandovers.CommitBeforeGiven), false)]
    [InlineData(nameof(BrokenHandovers.SourceResumesOnTimeout), false)]
    [InlineData(nameof(BrokenHandovers.SourceResumesOnUnknown), false)]
    [InlineData(nameof(BrokenHandovers.DoubtTakenForNo), false)]
    [InlineData(nameof(BrokenHandovers.DestinationDropsPrepared), false)]
    [InlineData(nameof(BrokenHandovers.DestinationDropsPrepared), true)]
    [InlineData(nameof(BrokenHandovers.DestinationTakesUnasked), false)]
    [InlineData(nameof(BrokenHandovers.DestinationTakesUnasked), true)]
    [InlineData(nameof(BrokenHandovers.ReturnsAfterEntry), false)]
    [InlineData(nameof(BrokenHandovers.OnlySourceAsksArbiter), true)]
    [InlineData(nameof(BrokenHandovers.OnlyDestinationAsksArbiter), true)]
    [InlineData(nameof(BrokenHandovers.SilentArbiterTakenForYes), true)]
    [InlineData(nameof(BrokenHandovers.WitnessWithoutLock), false)]
    [InlineData(nameof(BrokenHandovers.WitnessWithoutLock), true)]
    [InlineData(nameof(BrokenHandovers.SourceWitnessWithoutLock), false)]
    [InlineData(nameof(BrokenHandovers.WitnessWithoutRecord), false)]
    [InlineData(nameof(BrokenHandovers.OldBootBelieved), false)]
    [InlineData(nameof(BrokenHandovers.NoRecordTakenForNo), false)]
    [InlineData(nameof(BrokenHandovers.GivenNotSaidAgain), false)]
    [InlineData(nameof(BrokenHandovers.ReleasesOnTaken), false)]
    [InlineData(nameof(BrokenHandovers.LastWordSaidOnce), false)]
    [InlineData(nameof(BrokenHandovers.LastWordNotAnswered), false)]
    [InlineData(nameof(BrokenHandovers.LastWordHeardByAnother), false)]
    public void Broken_variant_is_caught_with_the_shortest_way_to_it(string variant, bool arbiter)
    {
        var type = typeof(BrokenHandovers).GetNestedType(variant, System.Reflection.BindingFlags.NonPublic)!;
        var rules = (HandoverRules)Activator.CreateInstance(type, nonPublic: true)!;
        var result = new HandoverSearch(rules, new HandoverBounds(arbiter), ends: false).Run();
        if (result.Fault is null) result = new HandoverSearch(rules, new HandoverBounds(arbiter)).Run();
        output.WriteLine($"{result.States} states: {result.Fault}");
        Assert.True(result.Fault is not null, $"{variant} went through all {result.States} states unnoticed.");
    }
}
