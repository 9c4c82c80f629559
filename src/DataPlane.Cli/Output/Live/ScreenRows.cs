namespace DataPlane.Cli.Output.Live;

/// <summary>Rows of a screen, of which the least important are left out where there is no room for all. They keep their order.</summary>
internal sealed class ScreenRows
{
    private readonly List<(int Rank, ScreenLine Line)> _rows = [];

    public int Count => _rows.Count;

    /// <param name="rank">1 for what is left out last.</param>
    /// <param name="line">The row.</param>
    public void Add(int rank, ScreenLine line) => _rows.Add((rank, line));

    /// <summary>At most <paramref name="most"/> of them.</summary>
    public IReadOnlyList<ScreenLine> Fitting(int most)
    {
        var kept = _rows.OrderBy(row => row.Rank).Take(Math.Max(1, most)).Select(row => row.Line).ToHashSet();
        return [.. _rows.Select(row => row.Line).Where(kept.Contains)];
    }
}
