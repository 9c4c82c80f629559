namespace DataPlane.Control.Timeline;

/// <summary>
/// What one side knows of a blackout, as it goes on: moments and stages in nanoseconds, each on the clock of the side that saw it. Marking
/// stores a number: nothing is allocated, named or told of meanwhile. One that is called off is left as far as it came.
/// </summary>
/// <remarks>Moments may be marked on any thread, stages on one at a time; what is read while others mark may lack the newest.</remarks>
/// <param name="sections">Device sections, which bounds the stages.</param>
internal sealed class BlackoutTimes(int sections)
{
    private static readonly int Moments = Enum.GetValues<BlackoutMoment>().Length;

    // Each section is saved and loaded once; release, and acquire on the way back.
    private readonly StageTime[] _stages = new StageTime[(2 * sections) + 2];
    private readonly long[] _at = new long[Moments];
    private long _known;
    private long _entered;
    private int _stageCount;

    /// <summary>Device sections of the migration.</summary>
    public int Sections { get; } = sections;

    /// <summary>When the blackout began: at the guest's last instruction, as nearly as it is known. Null where there was none.</summary>
    public long? Began => this[BlackoutMoment.LastInstruction] ?? this[BlackoutMoment.StopAsked];

    /// <summary>When it was; null where it was not, or is not known.</summary>
    public long? this[BlackoutMoment moment] => Has(moment) ? _at[(int)moment] : null;

    public ReadOnlySpan<StageTime> Stages => _stages.AsSpan(0, _stageCount);

    public bool Has(BlackoutMoment moment) => (Volatile.Read(ref _known) & Bit(moment)) != 0;

    /// <summary>Whether the segment that ends at <paramref name="moment"/> has begun, as far as <see cref="Enter"/> was told.</summary>
    public bool IsEntered(BlackoutMoment moment) => (Volatile.Read(ref _entered) & Bit(moment)) != 0;

    /// <summary>Marks a moment; of one that is marked already the first time stays.</summary>
    public void Mark(BlackoutMoment moment, long at)
    {
        if (Has(moment)) return;
        _at[(int)moment] = at;
        _ = Interlocked.Or(ref _known, Bit(moment));
    }

    /// <summary>Says that a segment begins which not every blackout has: should it be called off there, it is known where.</summary>
    public void Enter(BlackoutMoment endsAt) => _ = Interlocked.Or(ref _entered, Bit(endsAt));

    /// <summary>Keeps a stage. More than there can be are not kept.</summary>
    public void Add(BlackoutStageKind kind, int section, long start, long end)
    {
        if (_stageCount < _stages.Length) _stages[_stageCount++] = new StageTime(kind, section, start, end);
    }

    private static long Bit(BlackoutMoment moment) => 1L << (int)moment;
}
