using System.Text.Json;

namespace DataPlane.Cli.Report;

/// <summary>What a guest noticed in its own work: how long it took for 10^9 bytes of pages written. The <c>guest-work</c> of a result document; what it does not say is null.</summary>
/// <param name="BeforeMs">Before the migration.</param>
/// <param name="DuringMs">During it, while the guest ran.</param>
/// <param name="AfterMs">At the destination.</param>
/// <param name="SlowdownPercent">During, against before.</param>
/// <param name="Samples">Over time, from the migration's beginning on; negative before it.</param>
internal sealed record GuestWork(double? BeforeMs, double? DuringMs, double? AfterMs, double? SlowdownPercent, IReadOnlyList<(double AtMs, double Ms)> Samples)
{
    /// <summary>Null where the document has none.</summary>
    public static GuestWork? Of(JsonElement document) =>
        !document.TryGetProperty("guest-work", out var work) || work.ValueKind != JsonValueKind.Object ? null : new GuestWork(
            Number(work, "before-milliseconds-per-gigabyte"), Number(work, "during-milliseconds-per-gigabyte"), Number(work, "after-milliseconds-per-gigabyte"),
            Number(work, "slowdown-percent"), [.. SamplesOf(work)]);

    private static IEnumerable<(double, double)> SamplesOf(JsonElement work)
    {
        if (!work.TryGetProperty("samples", out var samples) || samples.ValueKind != JsonValueKind.Array) yield break;
        foreach (var sample in samples.EnumerateArray())
            if (sample.ValueKind == JsonValueKind.Object && Number(sample, "at-ms") is { } at && Number(sample, "milliseconds-per-gigabyte") is { } took)
                yield return (at, took);
    }

    private static double? Number(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
}
