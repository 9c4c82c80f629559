using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>
/// Which column a moment of the blackout has. Waiting and comparing do not count, and may take a thousand times as long as all the rest:
/// each has one column, whatever it took, and the others share what is left by their times.
/// </summary>
internal sealed class WaterfallScale(IReadOnlyList<BlackoutSegment> segments, int columns)
{
    private readonly double _counted = Math.Max(segments.Where(Counts).Sum(segment => segment.DurationUs), double.Epsilon);
    private readonly int _left = columns - segments.Count(segment => !Counts(segment));

    /// <summary>From 0 to the number of columns; behind the last segment it goes on, to be clamped.</summary>
    public double Column(double at)
    {
        var column = 0.0;
        foreach (var segment in segments)
        {
            var share = segment.DurationUs > 0 ? Math.Clamp((at - segment.StartUs) / segment.DurationUs, 0, 1) : at > segment.StartUs ? 1 : 0;
            column += share * (Counts(segment) ? segment.DurationUs / _counted * _left : 1);
        }
        return column;
    }

    /// <summary>Whether the segment is part of the downtime, as the result document defines it.</summary>
    public static bool Counts(BlackoutSegment segment) => segment.Name is not ("verify" or "pre-switchover-wait");
}
