using DataPlane.Options;
using DataPlane.Tests.Kit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DataPlane.Tests.Matrix;

/// <summary>The sample leaves no pair of values out, and stays a sample.</summary>
public sealed class PairwiseCoverTests
{
    private static readonly Arbitrary<int[]> Factors = Gen.Choose(1, 8).ArrayOf().Where(counts => counts.Length is > 0 and < 7).ToArbitrary();

    [Fact]
    public void AnyFactors_EveryPairIsThere() => PropertyCheck.Holds(Factors, counts =>
    {
        var rows = PairwiseCover.Of(counts);
        Assert.Empty(PairwiseCover.Pairs(counts).Except(rows.SelectMany(PairwiseCover.PairsIn)));
        Assert.All(rows, row => Assert.All(row.Zip(counts), place => Assert.InRange(place.First, 0, place.Second - 1)));
        for (var factor = 0; factor < counts.Length; factor++)
            Assert.Equal(counts[factor], rows.Select(row => row[factor]).Distinct().Count());
    });

    [Fact]
    public void SameFactors_SameRows() => PropertyCheck.Holds(Factors, counts =>
        Assert.Equal(PairwiseCover.Of(counts), PairwiseCover.Of([.. counts])), tests: 20);

    /// <summary>No fewer rows than the two largest factors have pairs can do; a greedy choice comes near.</summary>
    [Theory]
    [InlineData(new[] { 8, 2, 4, 3 }, 32, 36)]
    [InlineData(new[] { 2, 2, 2 }, 4, 4)]
    [InlineData(new[] { 5, 4, 3, 3, 2 }, 20, 25)]
    [InlineData(new[] { 3 }, 3, 3)]
    public void Rows_AreFew(int[] counts, int least, int most) => Assert.InRange(PairwiseCover.Of(counts).Count, least, most);

    /// <summary>What the product can do is in the sample of migrations too, also what it learns later.</summary>
    [Fact]
    public void SampleOfMigrations_HasEveryPairOfValues()
    {
        Assert.Equal(Enum.GetValues<PageCompression>().ToHashSet(), MatrixCase.Sample.Select(row => row.Compression).ToHashSet());
        Assert.Empty(MatrixCase.Whole.SelectMany(PairsOf).Except(MatrixCase.Sample.SelectMany(PairsOf)));
        Assert.Empty(MatrixCase.Sample.Except(MatrixCase.Whole));
        Assert.True(MatrixCase.Sample.Count * 3 < MatrixCase.Whole.Count, "The sample is as good as the whole.");
    }

    private static IEnumerable<(object, object)> PairsOf(MatrixCase row)
    {
        object[] values = [row.Guest, row.Source, row.Socket, row.Compression, row.Channels];
        return from one in Enumerable.Range(0, values.Length)
               from other in Enumerable.Range(one + 1, values.Length - one - 1)
               select (values[one], values[other]);
    }
}
