using System.Text.Json;

namespace DataPlane.Bench.Predict;

/// <summary>What was predicted and what happened. Times in milliseconds.</summary>
/// <param name="Case">Of what.</param>
/// <param name="Predicted">The verdict: <c>fits</c>, <c>over-limit</c>, <c>stays</c>.</param>
/// <param name="IsSure">Whether it was said to be sure.</param>
/// <param name="Happened">The same, by what happened: by the blackout as it was.</param>
/// <param name="PredictedTotal">From connect to the end.</param>
/// <param name="Total">From connect to the end.</param>
/// <param name="PredictedDowntime">Null where the guest was to stay.</param>
/// <param name="Downtime">Null where it stayed.</param>
/// <param name="Limit">Aimed for.</param>
internal sealed record PredictSample(
    PredictCase Case, string Predicted, bool IsSure, string Happened, double PredictedTotal, double Total, double? PredictedDowntime, double? Downtime, double Limit)
{
    /// <summary>By how much the total was off, percent of what happened.</summary>
    public double Percent => 100 * (PredictedTotal - Total) / Total;

    public bool IsRight => Predicted == Happened;

    public static PredictSample Read(PredictCase of, string prediction, string result)
    {
        using var predicted = JsonDocument.Parse(prediction);
        using var happened = JsonDocument.Parse(result);
        var (said, was) = (predicted.RootElement, happened.RootElement);
        var limit = was.GetProperty("downtime-limit").GetDouble();
        double? downtime = was.GetProperty("downtime") is { ValueKind: JsonValueKind.Number } stood ? stood.GetDouble() : null;
        var moved = was.GetProperty("status").GetString() == "completed";
        return new PredictSample(
            of, said.GetProperty("verdict").GetString()!, said.GetProperty("is-sure").GetBoolean(), !moved ? "stays" : downtime <= limit ? "fits" : "over-limit",
            said.GetProperty("total-time").GetProperty("expected").GetDouble(), was.GetProperty("total-time").GetDouble(),
            said.GetProperty("downtime") is { ValueKind: JsonValueKind.Object } range ? range.GetProperty("expected").GetDouble() : null, moved ? downtime : null, limit);
    }
}
