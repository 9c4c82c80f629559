namespace DataPlane.Cli.Units;

/// <summary>Lengths of time. The finest step is 0.1 us, a tick of <see cref="TimeSpan"/>.</summary>
internal static class Duration
{
    /// <summary>What is accepted, for help and errors.</summary>
    public const string Form = "a TIME such as 300ms, 2s, 5m, 1h or 50us";

    private static readonly (string, decimal)[] _fromLargest =
    [
        ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        if (!UnitNumber.TryRead(text, _fromLargest, StringComparison.Ordinal, out var ticks)) return false;
        if (ticks != decimal.Floor(ticks) || ticks > long.MaxValue) return false;
        time = new TimeSpan((long)ticks);
        return true;
    }

    public static string Write(TimeSpan time) => UnitNumber.Write(time.Ticks, _fromLargest);
}
