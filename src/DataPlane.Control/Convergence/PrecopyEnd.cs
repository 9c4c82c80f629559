using DataPlane.Control.Bandwidth;
using DataPlane.Control.Forecast;

namespace DataPlane.Control.Convergence;

/// <summary>The end of a pass: the dirty sources have been read.</summary>
internal readonly record struct PrecopyEnd
{
    /// <summary>Memory marked.</summary>
    public required long RemainingBytes { get; init; }

    /// <summary>All memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The blackout, were the guest stopped now.</summary>
    public required BlackoutForecast Forecast { get; init; }

    /// <summary>The rate that it counts on.</summary>
    public required CountedRate Rate { get; init; }

    /// <summary>The rate that was measured: what another pass would have; null while none is known.</summary>
    public required double? MeasuredBytesPerSecond { get; init; }

    /// <summary>Bytes on the wire for a byte of memory.</summary>
    public required double WireBytesPerByte { get; init; }

    /// <summary>Since the migration began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether the channels stand behind a fence: then it is only asked whether the rest still fits, as another pass would cost another fence.</summary>
    public bool Fenced { get; init; }

    /// <summary>Whether the guest could not be slower.</summary>
    public bool ThrottleExhausted { get; init; }
}
