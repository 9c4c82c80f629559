namespace DataPlane.Tools.Link;

/// <summary>Times of pings until their pongs are heard. For any thread.</summary>
internal sealed class PongLog
{
    // An hour and more of a bulk that pings 20 times a second.
    private const int Most = 100_000;

    private readonly Lock _gate = new();
    private List<double> _times = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the next pong is heard. Asked for before the ping is sent.</summary>
    public Task Next
    {
        get
        {
            lock (_gate) return _next.Task;
        }
    }

    public void Take(long pinged, long heard)
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            // A time of the ping that is not one of ours says nothing.
            if (_times.Count < Most && heard >= pinged && heard - pinged < TimeSpan.FromMinutes(10).TotalNanoseconds) _times.Add((heard - pinged) / 1e3);
            next = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        next.SetResult();
    }

    /// <summary>Those since the last call.</summary>
    public LinkSpread? Draw()
    {
        List<double> times;
        lock (_gate) (times, _times) = (_times, []);
        return LinkSpread.Of(times);
    }
}
