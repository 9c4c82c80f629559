using System.Globalization;
using DataPlane.Tests.Kit;
using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Control.Handover;

/// <summary>Handovers from seeds. <c>tests/simulate --seeds N --seed S</c> runs others, and more.</summary>
public sealed class HandoverSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_seed_keeps_the_rules_and_comes_to_an_end()
    {
        var seeds = Number("DATAPLANE_SIMULATE_SEEDS") ?? (ulong)TestSet.Times(1000);
        var first = Number("DATAPLANE_SIMULATE_FIRST") ?? 1;
        var ends = new Dictionary<HandoverEnd, int>();
        long events = 0;
        for (var seed = first; seed < first + seeds; seed++)
        {
            var run = new HandoverSimulator(seed) { Log = seeds == 1 ? output.WriteLine : null }.Run();
            Assert.True(run.Fault is null, $"Seed {seed}, after {run.Events} events at {run.Time}: {run.Fault} Again: tests/simulate --seeds 1 --seed {seed}");
            ends[run.End] = ends.GetValueOrDefault(run.End) + 1;
            events += run.Events;
            if (seeds == 1) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: trace {run.Trace:x16}"));
        }
        output.WriteLine($"{seeds} seeds from {first}, {events} events: {string.Join(", ", ends.OrderBy(end => end.Key).Select(end => $"{end.Key} {end.Value}"))}");
        if (seeds < 1000) return;
        foreach (var end in (HandoverEnd[])[HandoverEnd.RunsOnSource, HandoverEnd.RunsOnDestination, HandoverEnd.DiedWithItsHolder, HandoverEnd.UncertainAfterReboot])
            Assert.True(ends.GetValueOrDefault(end) > 0, $"No seed came to {end}: the simulation does not go where it should.");
    }

    [Fact]
    public void Seed_replays_bit_for_bit()
    {
        var traces = new HashSet<ulong>();
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var (once, again) = (new HandoverSimulator(seed).Run(), new HandoverSimulator(seed).Run());
            Assert.Equal(once, again);
            _ = traces.Add(once.Trace);
        }
        Assert.Equal(50, traces.Count);
    }

    [Fact]
    public void Broken_handovers_are_found_by_seeds_too()
    {
        foreach (var rules in (HandoverRules[])
            [
                new BrokenHandovers.SourceResumesOnTimeout(), new BrokenHandovers.SourceResumesOnUnknown(), new BrokenHandovers.DestinationTakesUnasked(),
            ])
            Assert.True(
                Enumerable.Range(1, 1000).Any(seed => new HandoverSimulator((ulong)seed, rules).Run().Fault is not null), $"{rules.GetType().Name} went unnoticed.");
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
