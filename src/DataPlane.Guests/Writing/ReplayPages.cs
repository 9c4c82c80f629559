using DataPlane.Core.Traces;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Writing;

/// <summary>
/// A trace as one writer replays it: step for step the pages that are the writer's own, in ascending order, round and round. One thread at a time.
/// </summary>
internal sealed class ReplayPages
{
    private readonly DirtyTrace _trace;
    private readonly long _first;
    private readonly long _end;
    private int _run;
    private long _page;

    /// <summary>For a writer of <paramref name="pages"/> pages from page <paramref name="first"/> of the memory.</summary>
    public ReplayPages(DirtyTrace trace, long first, long pages)
    {
        (_trace, _first, _end) = (trace, first, first + pages);
        Fingerprint = FingerprintOf(trace);
        Begin(0, 0);
    }

    /// <summary>Of the trace, the same for equal ones: both sides of a migration must replay one.</summary>
    public ulong Fingerprint { get; }

    /// <summary>The step that is being replayed.</summary>
    public int Step { get; private set; }

    /// <summary>The writer's pages in this step.</summary>
    public long Count { get; private set; }

    /// <summary>Those of them that were taken.</summary>
    public long Taken { get; private set; }

    /// <summary>How long the step lasts.</summary>
    public long Nanoseconds => (long)(_trace.Steps[Step].End - (Step == 0 ? TimeSpan.Zero : _trace.Steps[Step - 1].End)).TotalNanoseconds;

    /// <summary>At which rate the step's pages fill its time.</summary>
    public ulong BytesPerSecond => Count == 0 ? 0 : Math.Max(1, (ulong)((Int128)Count * PageSize * 1_000_000_000 / Nanoseconds));

    /// <summary>Goes to the step behind this one, or to the first.</summary>
    public void Next() => Begin(Step + 1 == _trace.Steps.Length ? 0 : Step + 1, 0);

    /// <summary>Goes to where <paramref name="taken"/> pages of a step have been taken. False where there is no such place.</summary>
    public bool TryBegin(int step, long taken)
    {
        if (step < 0 || step >= _trace.Steps.Length || taken < 0) return false;
        Begin(step, taken);
        return Taken == taken;
    }

    /// <summary>Takes up to so many of the pages, counted from the writer's first, and lists them so that the last is to be written first. Returns how many.</summary>
    public int Take(Span<uint> list)
    {
        var count = (int)Math.Min(list.Length, Count - Taken);
        for (var i = count - 1; i >= 0; i--)
        {
            list[i] = (uint)(_page - _first);
            Advance();
        }
        return count;
    }

    /// <summary>The last <paramref name="pages"/> that were taken have not been written after all.</summary>
    public void GiveBack(long pages) => Begin(Step, Taken - pages);

    private void Begin(int step, long taken)
    {
        (Step, Count, Taken, _run) = (step, 0, 0, -1);
        foreach (var run in _trace.Steps[step].Pages)
            Count += Math.Max(0, Math.Min(run.End, _end) - Math.Max(run.First, _first));
        NextRun();
        while (Taken < Math.Min(taken, Count)) Advance();
    }

    private void Advance()
    {
        Taken++;
        if (++_page >= Math.Min(_trace.Steps[Step].Pages[_run].End, _end)) NextRun();
    }

    private void NextRun()
    {
        var runs = _trace.Steps[Step].Pages;
        do _run++;
        while (_run < runs.Length && runs[_run].End <= _first);
        if (_run < runs.Length) _page = Math.Max(_first, runs[_run].First);
    }

    private static ulong FingerprintOf(DirtyTrace trace)
    {
        var hash = Memory.SplitMix.Hash((ulong)trace.MemoryBytes);
        foreach (var step in trace.Steps)
        {
            hash = Memory.SplitMix.Hash(hash ^ (ulong)step.End.Ticks);
            foreach (var run in step.Pages) hash = Memory.SplitMix.Hash(hash ^ (ulong)run.First ^ ((ulong)run.Count << 40));
        }
        return hash;
    }
}
