namespace DataPlane.Options;

/// <summary>How many channels <c>auto</c> means.</summary>
public static class DefaultChannels
{
    /// <summary>min(8, allowed cores), at least 2: one channel alone waits for its own round trips and wake-ups.</summary>
    public static int Count => Math.Clamp(Environment.ProcessorCount, 2, 8);
}
