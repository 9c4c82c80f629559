using DataPlane.Core.Traces;

namespace DataPlane.Guests.Recording;

/// <summary>Joins pages that arrive in ascending order to runs.</summary>
internal sealed class PageRuns
{
    private readonly List<PageRun> _runs = [];

    public IReadOnlyList<PageRun> Runs => _runs;

    public void Add(long first, long count)
    {
        if (_runs.Count > 0 && _runs[^1].End == first) _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + count };
        else _runs.Add(new PageRun(first, count));
    }
}
