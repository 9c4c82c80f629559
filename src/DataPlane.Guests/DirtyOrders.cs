using DataPlane.Core.Traces;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests;

/// <summary>How memory is to be dirtied.</summary>
public sealed record DirtyOrders
{
    /// <summary>As a rate: as fast as it goes.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>The most phases.</summary>
    public const int MaxPhases = 64;

    /// <summary>
    /// Page writes per second over all writers, times 4096. A page written twice between two looks counts twice. 0: nothing is written; <see cref="Unlimited"/>: as fast as it
    /// goes. Default 200 MiB.
    /// </summary>
    public long BytesPerSecond { get; init; } = 200L << 20;

    /// <summary>Which pages. Default: hot and cold.</summary>
    public DirtyPattern Pattern { get; init; } = DirtyPattern.HotCold;

    /// <summary>Bytes of the hot set over all writers, for the patterns that have one; at most all of the memory is used. Default 64 MiB.</summary>
    public long WorkingSetBytes { get; init; } = 64L << 20;

    /// <summary>
    /// How fast the hot set moves through memory: bytes that leave it, and others that come in, per second. It is counted in writes, so a guest that is held back drifts
    /// more slowly too, and one as fast as it goes cannot drift. Default 0.
    /// </summary>
    public long DriftBytesPerSecond { get; init; }

    /// <summary>What a write does. Default: one word.</summary>
    public DirtyWrite Write { get; init; }

    /// <summary>What is written. Default: random.</summary>
    public DirtyContent Content { get; init; }

    /// <summary>Phases that follow each other, round and round, instead of <see cref="Pattern"/>. Default none.</summary>
    public IReadOnlyList<DirtyPhase> Phases { get; init; } = [];

    /// <summary>
    /// Write what a trace says instead, again and again: the pages of each step within the step's time, each once. It must be about as much memory as there is. Default null.
    /// </summary>
    public DirtyTrace? Replay { get; init; }

    /// <summary>From which everything random derives. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>The rate asked for on average over all phases or steps; null where that is as fast as it goes.</summary>
    public double? MeanBytesPerSecond
    {
        get
        {
            if (Replay is { } trace) return TraceFigures.PagesPerSecond(trace) * PageSize;
            if (Phases.Count == 0) return BytesPerSecond == Unlimited ? null : BytesPerSecond;
            if (Phases.Any(phase => (phase.BytesPerSecond ?? BytesPerSecond) == Unlimited)) return null;
            return Phases.Sum(phase => (phase.BytesPerSecond ?? BytesPerSecond) * phase.Duration.TotalSeconds) / Phases.Sum(phase => phase.Duration.TotalSeconds);
        }
    }

    /// <summary>Whether anything at all is to be written.</summary>
    public bool Writes => Replay is { } trace ? trace.Steps.Any(step => step.Pages.Length > 0)
        : Phases.Count > 0 ? Phases.Any(phase => (phase.BytesPerSecond ?? BytesPerSecond) > 0) : BytesPerSecond > 0;

    /// <summary>Every fault of these orders for a memory of so many bytes, as a sentence; empty when they are good.</summary>
    public IReadOnlyList<string> Validate(long memoryBytes)
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Pattern) || Pattern == DirtyPattern.Replay) faults.Add($"Dirty pattern {Pattern} does not exist.");
        if (!Enum.IsDefined(Write)) faults.Add($"Dirty write {Write} does not exist.");
        if (!Enum.IsDefined(Content)) faults.Add($"Dirty content {Content} does not exist.");
        if (BytesPerSecond < 0) faults.Add($"The dirty rate cannot be {BytesPerSecond} bytes per second; 0 means no writes.");
        if (WorkingSetBytes < PageSize) faults.Add($"The working set of {WorkingSetBytes} bytes is less than a page of {PageSize}.");
        CheckDrift(faults);
        CheckPhases(faults);
        if (Replay is not { } trace) return faults;
        if (Phases.Count > 0) faults.Add("A guest replays a trace or has phases, not both.");
        if (trace.MemoryBytes != memoryBytes)
            faults.Add($"The trace to replay is of a guest with {trace.MemoryBytes} bytes of memory, and this guest has {memoryBytes}.");
        if (trace.Steps.IsEmpty) faults.Add("The trace to replay has no whole step.");
        return faults;
    }

    private void CheckDrift(List<string> faults)
    {
        if (DriftBytesPerSecond < 0) faults.Add($"The drift cannot be {DriftBytesPerSecond} bytes per second; 0 means none.");
        if (DriftBytesPerSecond <= 0 || Replay is not null) return;
        var patterns = Phases.Count > 0 ? Phases.Select(phase => (phase.Pattern, Rate: phase.BytesPerSecond ?? BytesPerSecond)) : [(Pattern, BytesPerSecond)];
        foreach (var (pattern, rate) in patterns)
            if (rate == Unlimited && pattern is DirtyPattern.HotCold or DirtyPattern.Burst)
                faults.Add("The drift is counted in writes, so it needs a dirty rate: as fast as it goes has none.");
    }

    private void CheckPhases(List<string> faults)
    {
        if (Phases.Count > MaxPhases) faults.Add($"There are at most {MaxPhases} phases, not {Phases.Count}.");
        foreach (var phase in Phases)
        {
            if (!Enum.IsDefined(phase.Pattern) || phase.Pattern == DirtyPattern.Replay) faults.Add($"Dirty pattern {phase.Pattern} of phases does not exist.");
            if (phase.Duration < TimeSpan.FromMilliseconds(1) || phase.Duration > TimeSpan.FromDays(1))
                faults.Add($"A phase lasts from 1 ms to 1 day, not {phase.Duration}.");
            if (phase.BytesPerSecond < 0) faults.Add($"The rate of phases cannot be {phase.BytesPerSecond} bytes per second; 0 means no writes.");
        }
    }
}
