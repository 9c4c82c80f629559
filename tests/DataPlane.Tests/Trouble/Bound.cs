namespace DataPlane.Tests.Trouble;

/// <summary>By when a case has to end, counted from the trouble to the end of the side that is asked, and why.</summary>
internal sealed record Bound(string Name, TimeSpan Time)
{
    /// <summary>The timeouts that cases of hung peers set, on both sides: as short as a loaded machine lets a good peer be on time.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    public static readonly Bound AtOnce = new("1 s", TimeSpan.FromSeconds(1));

    public static readonly Bound Cancel = new("100 ms", TimeSpan.FromMilliseconds(100));

    /// <summary>Silence is looked for four times in an idle timeout.</summary>
    public static readonly Bound IdleTimeout = new("idle timeout 1 s + 0.5 s", Idle + TimeSpan.FromSeconds(0.5));

    public static readonly Bound Handshake = new("handshake timeout 1 s + 0.5 s", Idle + TimeSpan.FromSeconds(0.5));

    public static readonly Bound Handover = new("handover timeout 1 s + 0.5 s", Idle + TimeSpan.FromSeconds(0.5));

    /// <summary>A destination that is prepared waits for its source's word, and then gives it a second to close.</summary>
    public static readonly Bound Prepared = new("idle and handover timeout, 1 s each, + 0.5 s, and 1 s for the source to close", Idle + Idle + TimeSpan.FromSeconds(1.5));

    public static readonly Bound DeadPeer = new("3 s", TimeSpan.FromSeconds(3));

    public static Bound Seconds(double seconds, string why) => new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seconds} s ({why})"), TimeSpan.FromSeconds(seconds));
}
