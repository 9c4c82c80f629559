namespace DataPlane.Guests.Writing;

/// <summary>
/// What a writer does when: its pace, and phases or the steps of a trace, of which it puts each into the writer's orders as its time comes. Its clock stands while the guest
/// does. One thread at a time, but for the pace's throttle.
/// </summary>
internal sealed unsafe class WriterSchedule(WriterPhase[] phases, ReplayPages? replay, TimeProvider time)
{
    /// <summary>How late a phase may begin and still end on time, as what is held back beyond that is not made up for.</summary>
    private const long MaxLagNanoseconds = 100_000_000;

    private WriterPhase[] _phases = phases;
    private int _phase;
    private long _spent;
    private long _seenAt;

    /// <summary>Within a phase or step.</summary>
    public WriterPace Pace { get; } = new(time);

    /// <summary>Whether the orders change while the writer runs.</summary>
    public bool Changes => replay is not null || _phases.Length > 1;

    /// <summary>Whether it lists the pages of each batch.</summary>
    public bool Lists => replay is not null;

    public void Resume()
    {
        Pace.Resume();
        _seenAt = time.GetTimestamp();
    }

    public void Pause()
    {
        Pace.Pause();
        Elapse();
    }

    /// <summary>
    /// After a batch: nanoseconds to wait before asking again, negative for ever; 0: the next batch, as the orders have it, is due. <paramref name="changed"/> tells whether
    /// the orders or the list were written.
    /// </summary>
    public long Wait(ref WriterBlock writer, uint* list, out bool changed)
    {
        changed = false;
        if (!Changes) return Pace.Wait(writer);
        Elapse();
        if (replay is not null && writer.Batch > 0)
        {
            // Written: a guest that is stopped while it waits must not write it once more.
            writer.Batch = 0;
            changed = true;
        }
        // A step's pages are all written, however late; then what follows is late, and catches up.
        while (_spent >= Nanoseconds && (replay is null || replay.Taken == replay.Count))
        {
            Next(ref writer);
            changed = true;
        }
        if (replay is not null && writer.BytesPerSecond != replay.BytesPerSecond)
        {
            writer.BytesPerSecond = replay.BytesPerSecond;
            changed = true;
        }
        var left = Math.Max(1, Nanoseconds - _spent);
        var wait = Pace.Wait(writer);
        if (replay is null) return wait < 0 ? left : Math.Min(wait, left);
        if (replay.Taken == replay.Count) return left;
        if (wait > 0) return wait;
        writer.Batch = (ulong)replay.Take(new Span<uint>(list, (int)WriterPlan.Batch(writer.BytesPerSecond, WriterBlock.ListLength)));
        changed = true;
        return 0;
    }

    /// <summary>Of the batch that is being written, so many writes will not be made.</summary>
    public void LeaveOut(ulong writes) => replay?.GiveBack((long)writes);

    /// <summary>Its place, to go on from elsewhere.</summary>
    public WriterScheduleState Save() => new()
    {
        PaceClock = Pace.Clock,
        CountBefore = Pace.CountBefore,
        Spent = _spent,
        Phase = replay?.Step ?? _phase,
        Taken = replay?.Taken ?? 0,
        Replay = replay?.Fingerprint ?? 0,
        Phases = _phases,
    };

    /// <summary>Goes on from that place. Throws <see cref="InvalidDataException"/> where it is none here; then nothing has changed but the trace's place.</summary>
    public void Load(WriterScheduleState state, in WriterBlock writer)
    {
        if (state.Replay != (replay?.Fingerprint ?? 0))
            throw new InvalidDataException(state.Replay == 0 ? "The guest that came replays no trace; this side was given one."
                : replay is null ? "The guest that came replays a trace, and this side was not given it."
                : "The guest that came replays another trace than this side was given.");
        foreach (var phase in state.Phases)
            if (state.Phases.Length > 1 && !phase.Fits(writer)) throw new InvalidDataException("A phase of the guest that came does not fit its pages.");
        if (replay is not null ? !replay.TryBegin(state.Phase, state.Taken) : state.Phase < 0 || state.Phase >= state.Phases.Length)
            throw new InvalidDataException("The guest that came is at a place where its schedule has none.");
        (Pace.Clock, Pace.CountBefore, _spent, _phase, _phases) = (state.PaceClock, state.CountBefore, state.Spent, replay is null ? state.Phase : 0, state.Phases);
    }

    private long Nanoseconds => replay?.Nanoseconds ?? _phases[_phase].Nanoseconds;

    private void Elapse()
    {
        _spent += (long)time.GetElapsedTime(_seenAt).TotalNanoseconds;
        _seenAt = time.GetTimestamp();
    }

    private void Next(ref WriterBlock writer)
    {
        _spent = Math.Min(_spent - Nanoseconds, MaxLagNanoseconds);
        if (replay is not null)
        {
            replay.Next();
        }
        else
        {
            _phase = (_phase + 1) % _phases.Length;
            _phases[_phase].Apply(ref writer);
        }
        Pace.Begin(writer.Count);
    }
}
