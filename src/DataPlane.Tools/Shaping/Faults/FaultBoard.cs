using System.Diagnostics;

namespace DataPlane.Tools.Shaping;

/// <summary>A link's connections, the faults that are to strike them, and those that have. For any thread.</summary>
internal sealed class FaultBoard : IDisposable
{
    private readonly long _opened = Stopwatch.GetTimestamp();
    private readonly object _gate = new();
    private readonly List<RelayLane> _lanes = [];
    private readonly List<LinkFaultStrike> _strikes = [];
    private readonly FaultTrigger[] _byBytes;
    private readonly FaultTrigger[] _byTime;
    private readonly Thread? _timer;
    private long _stalledUntil;
    private int _count;
    private bool _over;

    public FaultBoard(FaultPlan? plan)
    {
        // Each has numbers of its own, so that one more fault changes nothing for those before.
        var triggers = (plan?.Faults ?? []).Select((fault, number) => new FaultTrigger(fault, unchecked((plan!.Seed * 31) + number))).ToArray();
        _byBytes = [.. triggers.Where(trigger => trigger.IsByBytes)];
        _byTime = [.. triggers.Where(trigger => !trigger.IsByBytes)];
        if (_byTime.Length == 0) return;
        _timer = new Thread(KeepTime) { IsBackground = true, Name = "dp-faults" };
        _timer.Start();
    }

    /// <summary>What has struck, in order.</summary>
    public IReadOnlyList<LinkFaultStrike> Strikes
    {
        get
        {
            lock (_gate) return [.. _strikes];
        }
    }

    /// <summary>The next connection's number.</summary>
    public int NewNumber() => Interlocked.Increment(ref _count) - 1;

    public void Add(RelayLane lane)
    {
        lock (_gate)
        {
            _lanes.Add(lane);
            lane.StallUntil(_stalledUntil);
        }
    }

    public void Remove(RelayLane lane)
    {
        lock (_gate) _ = _lanes.Remove(lane);
    }

    /// <summary>It is known what a connection is for, so a fault that waits for such a one may strike.</summary>
    public void Introduce()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    /// <summary>
    /// So many bytes are about to go on. How many of them go before a fault strikes, and which; all of them and null where none does. What is let go is counted.
    /// </summary>
    public (int Bytes, FaultTrigger? Trigger) Pass(RelayLane lane, int count)
    {
        if (_byBytes.Length == 0) return (count, null);
        lock (_gate)
        {
            FaultTrigger? next = null;
            foreach (var trigger in _byBytes)
                if (trigger.Admits(lane.Role) && trigger.Left < (next?.Left ?? count)) next = trigger;
            if (next is not null) count = (int)next.Left;
            foreach (var trigger in _byBytes)
                if (trigger.Admits(lane.Role)) trigger.Pass(count);
            next?.Advance();
            return (count, next);
        }
    }

    /// <summary>Does to <paramref name="lane"/>, or to all of them, what the fault is. Not for flips, which are done to bytes.</summary>
    public void Strike(FaultTrigger trigger, RelayLane lane)
    {
        var fault = trigger.Fault;
        RelayLane[] struck;
        lock (_gate)
        {
            struck = fault.Target == LinkFaultTarget.All ? [.. _lanes] : [lane];
            if (fault is { Target: LinkFaultTarget.All, Duration: { } time }) _stalledUntil = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        }
        foreach (var each in struck)
        {
            // Told first: whoever sees what became of the connection finds the reason here.
            Record(fault.Kind, each, fault.Duration);
            Do(fault, each);
        }
    }

    /// <summary>A fault has struck this connection.</summary>
    public void Record(LinkFaultKind kind, RelayLane lane, TimeSpan? duration)
    {
        lock (_gate) _strikes.Add(new LinkFaultStrike(kind, Stopwatch.GetElapsedTime(_opened), lane.Number, lane.Name, lane.Forwarded, duration));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _over = true;
            Monitor.PulseAll(_gate);
        }
        _timer?.Join();
    }

    private static void Do(LinkFault fault, RelayLane lane)
    {
        switch (fault.Kind)
        {
            case LinkFaultKind.Reset:
                lane.Reset();
                break;
            case LinkFaultKind.Close:
                lane.Close();
                break;
            case LinkFaultKind.Silence:
                lane.Silence();
                break;
            case LinkFaultKind.Stall:
                lane.StallUntil(Stopwatch.GetTimestamp() + (long)(fault.Duration!.Value.TotalSeconds * Stopwatch.Frequency));
                break;
            default:
                throw new UnreachableException($"{fault.Kind} strikes bytes.");
        }
    }

    private void KeepTime()
    {
        while (true)
        {
            FaultTrigger due;
            RelayLane victim;
            lock (_gate)
            {
                if (_over) return;
                if (TakeDue() is not ({ } trigger, { } lane))
                {
                    _ = Monitor.Wait(_gate, UntilNext());
                    continue;
                }
                (due, victim) = (trigger, lane);
            }
            if (due.Fault.Kind == LinkFaultKind.Flip) victim.FlipNext(due.Below);
            else Strike(due, victim);
        }
    }

    private (FaultTrigger? Trigger, RelayLane? Lane) TakeDue()
    {
        var now = Stopwatch.GetElapsedTime(_opened).Ticks;
        foreach (var trigger in _byTime)
        {
            while (trigger.Point <= now)
            {
                RelayLane[] admitted = [.. _lanes.Where(lane => trigger.Admits(lane.Role))];
                if (admitted.Length == 0 && !trigger.Recurs) break; // It waits for somebody to strike.
                trigger.Advance();
                if (admitted.Length > 0) return (trigger, admitted[trigger.Below(admitted.Length)]);
            }
        }
        return (null, null);
    }

    // A fault that waits for somebody to strike is woken by a connection, not by time.
    private TimeSpan UntilNext()
    {
        var now = Stopwatch.GetElapsedTime(_opened).Ticks;
        var next = _byTime.Select(trigger => trigger.Point).Where(point => point > now).DefaultIfEmpty(long.MaxValue).Min();
        // Rounded up to whole milliseconds, which is what can be waited for.
        return next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Min((next - now) / TimeSpan.TicksPerMillisecond + 1, int.MaxValue));
    }
}
