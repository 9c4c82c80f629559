using DataPlane.Results;

namespace DataPlane.Destination;

/// <summary>Counts refused connections, and logs them at a rate that no number of strays can raise. For any thread.</summary>
internal sealed class RefusalLog(TimeProvider time, Action<string> log)
{
    /// <summary>Lines at once: enough for whatever goes wrong on a quiet network to be seen one by one.</summary>
    private const int Burst = 20;

    /// <summary>After these one line a second: a flood of an hour is 3,600 lines, and says how many each of them stands for.</summary>
    private static readonly TimeSpan PerLine = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<RefusalKind>().Length];
    private double _lines = Burst;
    private long _lastRefill = time.GetTimestamp();
    private long _unsaid;

    /// <summary>Counts one. <paramref name="from"/> is asked for only if there will be a line.</summary>
    public void Add(RefusalKind kind, Func<string> from, string why)
    {
        long unsaid;
        lock (_gate)
        {
            _counts[(int)kind]++;
            var now = time.GetTimestamp();
            _lines = Math.Min(Burst, _lines + (time.GetElapsedTime(_lastRefill, now) / PerLine));
            _lastRefill = now;
            if (_lines < 1)
            {
                _unsaid++;
                return;
            }
            _lines--;
            (unsaid, _unsaid) = (_unsaid, 0);
        }
        log($"refused a connection from {from()}: {why}{(unsaid > 0 ? $" ({unsaid} others were refused since the line before)" : "")}");
    }

    /// <summary>Logs what no line has told of yet.</summary>
    public void Close()
    {
        long unsaid;
        lock (_gate) (unsaid, _unsaid) = (_unsaid, 0);
        if (unsaid > 0) log($"refused {unsaid} other connections since the line before");
    }

    /// <summary>What has been counted.</summary>
    public RefusedConnectionsReport Report()
    {
        lock (_gate)
            return new RefusedConnectionsReport(
                _counts.Sum(), Of(RefusalKind.Silent), Of(RefusalKind.Garbage), Of(RefusalKind.BadMac), Of(RefusalKind.Replayed),
                Of(RefusalKind.OutOfRange), Of(RefusalKind.OtherSession), Of(RefusalKind.Busy), Of(RefusalKind.Unfit));
    }

    private long Of(RefusalKind kind) => _counts[(int)kind];
}
