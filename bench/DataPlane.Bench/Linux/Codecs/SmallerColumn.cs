using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace DataPlane.Bench.Linux.Codecs;

/// <summary>How many times smaller a case of <see cref="CodecBenchmark"/> makes its pages.</summary>
internal sealed class SmallerColumn : IColumn
{
    public string Id => nameof(SmallerColumn);

    public string ColumnName => "Smaller";

    public string Legend => "Bytes of the pages for each byte on the wire";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var values = benchmarkCase.Parameters;
        using var stripe = new EncodedStripe(
            CodecContent.Of((string)values[nameof(CodecBenchmark.Content)]), (int)values[nameof(CodecBenchmark.BlockKiB)] << 10,
            (string)values[nameof(CodecBenchmark.Codec)]);
        return stripe.Ratio.ToString("0.00x", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;

    /// <summary>What the benchmark class asks for, beside what all have.</summary>
    public sealed class Config : ManualConfig
    {
        public Config() => AddColumn(new SmallerColumn());
    }
}
