using DataPlane.Tests.Cli.Predict;
using DataPlane.Tools.Predict;
using Xunit;

namespace DataPlane.Tests.Tools.Predict;

public sealed class LearningTests
{
    [Fact]
    public void Result_of_a_migration_gives_back_the_guest_that_made_it()
    {
        var learned = LearnedFromResult.Put(new PredictOptions(), EarlierMigration.Result, "earlier.json");
        Assert.Equal(512L << 20, learned.Guest.MemoryBytes);
        Assert.Equal(0.25, learned.Guest.ZeroShare, 0.001);
        Assert.Equal(20 << 20, learned.Guest.DirtyBytesPerSecond, 0.02 * (20 << 20));
        Assert.Equal(PredictPattern.Uniform, learned.Guest.Pattern);
        Assert.Equal(120e6, learned.Link.BytesPerSecond, 1.0);
        Assert.Equal(TimeSpan.FromMilliseconds(40), learned.Machine.Setup);
        Assert.All(learned.Inputs, input => Assert.Equal("earlier.json", input.Origin));
    }

    [Fact]
    public void What_a_prediction_says_can_be_learned_from_as_from_a_migration()
    {
        // There and back: a working set that levels off comes out of the passes again.
        var options = Guests.Options(60e6, PredictPattern.HotCold, 512L << 20);
        options = options with { Guest = options.Guest with { WorkingSetBytes = 32L << 20 } };
        var passes = Predictor.Run(options).Passes;
        var learned = LearnedFromResult.Put(new PredictOptions(), EarlierMigration.Result with { Passes = passes }, "predicted");
        Assert.Equal(PredictPattern.HotCold, learned.Guest.Pattern);
        Assert.InRange(learned.Guest.WorkingSetBytes, 24L << 20, 160L << 20);
    }

    [Fact]
    public void Result_without_a_pass_is_refused() =>
        Assert.Throws<ArgumentException>(() => LearnedFromResult.Put(new PredictOptions(), EarlierMigration.Result with { Passes = [] }, "x"));

    [Fact]
    public void Metrics_of_a_migration_under_way_are_where_it_stands()
    {
        const string text = """
            # TYPE dataplane_migration_memory_total_bytes gauge
            dataplane_migration_memory_total_bytes 1073741824
            dataplane_migration_memory_remaining_bytes{side="source"} 268435456
            dataplane_migration_memory_dirty_rate_bytes_per_second 10485760
            dataplane_migration_throughput_bytes_per_second 125000000
            """;
        var learned = LearnedFromMetrics.Read(text)!.Put(new PredictOptions(), "there");
        Assert.Equal(1L << 30, learned.Guest.MemoryBytes);
        Assert.Equal(1L << 28, learned.Guest.RemainingBytes);
        Assert.Equal(10485760, learned.Guest.DirtyBytesPerSecond);
        Assert.Equal(125e6, learned.Link.BytesPerSecond);
        Assert.Null(LearnedFromMetrics.Read("dataplane_migration_memory_total_bytes 0\n"));
        Assert.Null(LearnedFromMetrics.Read("dataplane_migration_memory_total_bytes 1073741824\n")!.DirtyBytesPerSecond); // In the first pass: not known is not none.
        Assert.Null(LearnedFromMetrics.Read("<html>"));
    }

    [Fact]
    public void Link_that_was_swept_has_the_rate_of_each_number_of_channels()
    {
        var learned = new LearnedFromLink(8e9, 4) { Sweep = new Dictionary<int, double> { [1] = 2e9, [4] = 8e9 }, RoundTripUs = 300 }.Put(new PredictOptions(), "link");
        Assert.Equal(0.25e9, learned.Link.Of(1));
        Assert.Equal(1e9, learned.Link.Of(4));
        Assert.Equal(TimeSpan.FromMicroseconds(300), learned.Link.RoundTrip);
    }
}
