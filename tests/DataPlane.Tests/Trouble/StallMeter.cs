using System.Diagnostics;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// Measures how long this process was kept from running on a loaded machine: a thread that only wants to wake up every few milliseconds,
/// and the longest time by which it was late.
/// </summary>
internal sealed class StallMeter : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _longest;

    public StallMeter()
    {
        _thread = new Thread(Measure) { IsBackground = true, Name = "stalls" };
        _thread.Start();
    }

    /// <summary>The longest so far.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longest));

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Measure()
    {
        var last = Stopwatch.GetTimestamp();
        while (!_stop.Wait(Period))
        {
            var now = Stopwatch.GetTimestamp();
            _longest = Math.Max(_longest, (Stopwatch.GetElapsedTime(last, now) - Period).Ticks);
            last = now;
        }
    }
}
