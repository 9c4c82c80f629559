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
    // Less is what any thread waits for its turn.
    private static readonly TimeSpan Noticed = TimeSpan.FromMilliseconds(100);

    private long _longest;
    private long _total;

    public StallMeter()
    {
        _thread = new Thread(Measure) { IsBackground = true, Name = "stalls" };
        _thread.Start();
    }

    /// <summary>The longest so far.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longest));

    /// <summary>All of a tenth of a second and more so far, together: a machine that is overrun keeps a process from running again and again.</summary>
    public TimeSpan Total => TimeSpan.FromTicks(Volatile.Read(ref _total));

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
            var late = Stopwatch.GetElapsedTime(last, now) - Period;
            _longest = Math.Max(_longest, late.Ticks);
            if (late >= Noticed) _total += late.Ticks;
            last = now;
        }
    }
}
