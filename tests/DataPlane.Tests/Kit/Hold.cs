using System.Diagnostics;

namespace DataPlane.Tests.Kit;

/// <summary>Waits that are never shorter than asked for: a timer of the runtime may end two milliseconds too early.</summary>
internal static class Hold
{
    /// <summary>Completes no sooner than after <paramref name="least"/>.</summary>
    public static async Task ForAsync(TimeSpan least, CancellationToken cancel = default)
    {
        var since = Stopwatch.GetTimestamp();
        for (TimeSpan left; (left = least - Stopwatch.GetElapsedTime(since)) > TimeSpan.Zero;) await Task.Delay(left, cancel);
    }
}
