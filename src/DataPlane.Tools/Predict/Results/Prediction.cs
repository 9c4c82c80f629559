using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Tools.Predict;

/// <summary>How a migration would go: the document <c>dataplane.predict/1</c>. Times are milliseconds unless the name says otherwise, sizes bytes.</summary>
public sealed record Prediction
{
    /// <summary>The name of this kind of document.</summary>
    public string Schema { get; init; } = "dataplane.predict/1";

    /// <summary>How it would end.</summary>
    public required PredictVerdict Verdict { get; init; }

    /// <summary>Why, as a sentence with the numbers.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// Whether it would end so, too, on a link that carries a tenth less with a guest that writes a tenth more, and the other way round. Else it is too close to call.
    /// </summary>
    public required bool IsSure { get; init; }

    /// <summary>From connect to the running guest, or to the moment in which it is given up.</summary>
    public required PredictRange TotalTime { get; init; }

    /// <summary>The blackout; null where the guest would not be stopped.</summary>
    public PredictRange? Downtime { get; init; }

    /// <summary>It in parts, as a migration foretells it at the moment of its decision; null as that.</summary>
    public DowntimeForecast? Forecast { get; init; }

    /// <summary>The blackout aimed for.</summary>
    public required double DowntimeLimit { get; init; }

    /// <summary>What bounds the passes; null where they are too short to tell.</summary>
    public string? Bottleneck { get; init; }

    /// <summary>Data channels.</summary>
    public required int Channels { get; init; }

    /// <summary>How pages are written; of <c>auto</c> what it would come to.</summary>
    public required PageCompression Compression { get; init; }

    /// <summary>Bytes per second that the link carries with so many channels.</summary>
    public required double LinkBytesPerSecond { get; init; }

    /// <summary>By how much the guest is slowed down at the end, percent.</summary>
    public int CpuThrottlePercentage { get; init; }

    /// <summary>When nothing changed any more, so that the passes from there to the end of the time allowed are not listed; null where all are.</summary>
    public double? StillSinceMs { get; init; }

    /// <summary>The passes as a migration reports them, in expected counts; of thousands the first and the last.</summary>
    public IReadOnlyList<PassReport> Passes { get; init; } = [];

    /// <summary>What would make it fit, one change each; empty where it fits.</summary>
    public IReadOnlyList<PredictAdvice> Advice { get; init; } = [];

    /// <summary>What it is made from, and where that comes from.</summary>
    public IReadOnlyList<PredictInput> Inputs { get; init; } = [];

    /// <summary>The document.</summary>
    public string ToJson() => PredictionJson.Write(this);
}
