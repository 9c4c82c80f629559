using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Control.Handover;

public sealed class HandoverSearchTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void No_state_breaks_a_rule_and_every_state_leads_to_an_end(bool arbiter, bool flushed)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = new HandoverSearch(new HandoverRules(), new HandoverBounds(arbiter, flushed)).Run();
        output.WriteLine($"{result.States} states, {result.Steps} steps, {watch.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", result.Ends.Select(e => $"{e.Key} {e.Value}"))}");
        Assert.True(result.Fault is null, result.Fault);
    }
}
