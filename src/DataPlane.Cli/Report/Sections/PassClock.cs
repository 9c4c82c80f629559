using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>When each pass began and ended: the document has their lengths, and they follow each other once setup is over.</summary>
internal sealed class PassClock
{
    private readonly List<(PassReport Pass, double From, double To)> _passes = [];

    public PassClock(MigrationResult result)
    {
        var at = Length(result.SetupTime ?? 0);
        foreach (var pass in result.Passes)
        {
            var end = at + Length(pass.DurationMs);
            _passes.Add((pass, at, end));
            at = end;
        }
        EndMs = at;
    }

    /// <summary>When the last one ended.</summary>
    public double EndMs { get; }

    public IReadOnlyList<(double AtMs, int Pass)> Marks => [.. _passes.Select(each => (each.From, each.Pass.Pass))];

    /// <summary>A value that a pass had all the time.</summary>
    public IReadOnlyList<(double AtMs, double Value)> Across(Func<PassReport, double?> value) =>
        [.. _passes.Where(each => value(each.Pass) is not null).SelectMany(each => new[] { (each.From, value(each.Pass)!.Value), (each.To, value(each.Pass)!.Value) })];

    public IReadOnlyList<(double AtMs, double Value)> AtStart(Func<PassReport, double?> value) =>
        [.. _passes.Where(each => value(each.Pass) is not null).Select(each => (each.From, value(each.Pass)!.Value))];

    public IReadOnlyList<(double AtMs, double Value)> AtEnd(Func<PassReport, double?> value) =>
        [.. _passes.Where(each => value(each.Pass) is not null).Select(each => (each.To, value(each.Pass)!.Value))];

    /// <summary>Documents come from anywhere: a length that is none takes no time.</summary>
    private static double Length(double milliseconds) => double.IsFinite(milliseconds) ? Math.Max(0, milliseconds) : 0;
}
