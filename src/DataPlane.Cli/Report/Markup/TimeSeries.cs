namespace DataPlane.Cli.Report.Markup;

/// <summary>One line of a <see cref="TimeChart"/>, its points in order of time.</summary>
internal sealed record TimeSeries(string Name, IReadOnlyList<(double AtMs, double Value)> Points);
