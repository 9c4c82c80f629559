namespace DataPlane.Bench.Cap;

/// <summary>How channels are held to a bandwidth together.</summary>
internal enum CapMethod
{
    /// <summary>The one in use: a time line that all share.</summary>
    Shared,

    /// <summary>SO_MAX_PACING_RATE, a share of the bandwidth for each socket: TCP only.</summary>
    Pacing,
}
