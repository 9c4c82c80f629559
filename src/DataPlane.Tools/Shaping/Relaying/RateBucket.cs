using System.Diagnostics;

namespace DataPlane.Tools.Shaping;

/// <summary>One direction of a link, on which one byte goes after another, whichever connection it is of. For any thread.</summary>
internal sealed class RateBucket(long bytesPerSecond)
{
    // What a thread that wakes late may make up for; else each wake would cost the link a piece of its rate.
    private static readonly long _burst = Stopwatch.Frequency / 500;

    private readonly Lock _gate = new();
    private readonly double _ticksPerByte = (double)Stopwatch.Frequency / bytesPerSecond;
    private double _free = Stopwatch.GetTimestamp();

    /// <summary>When the last of so many bytes has left, behind all that were told of before: a timestamp of <see cref="Stopwatch"/>.</summary>
    public long Reserve(int bytes)
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            _free = Math.Max(_free, now - _burst) + (bytes * _ticksPerByte);
            return Math.Max(now, (long)_free); // What is made up for has not left before it came.
        }
    }
}
