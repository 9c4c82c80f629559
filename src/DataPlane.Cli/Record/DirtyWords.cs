using DataPlane.Cli.Options;
using DataPlane.Cli.Units;
using DataPlane.Guests;

namespace DataPlane.Cli.Record;

/// <summary>How a guest dirties its memory, in words.</summary>
internal static class DirtyWords
{
    public static string Of(DirtyOrders orders)
    {
        var words = new List<string>();
        if (orders.Replay is { } trace) words.Add($"as recorded in {ForPeople.Time(trace.Duration)}");
        else if (orders.Phases.Count == 0) words.Add($"{Rate(orders.BytesPerSecond)} {Readers.Name(orders.Pattern)}");
        else words.Add(string.Join(", then ", orders.Phases.Select(phase => Phase(orders, phase))));
        if (orders.DriftBytesPerSecond > 0) words.Add($"drifting {ForPeople.Rate(orders.DriftBytesPerSecond)}");
        if (orders.Write == DirtyWrite.Page) words.Add("whole pages");
        if (orders.Write == DirtyWrite.Same) words.Add("with what is there");
        if (orders.Content == DirtyContent.Compressible) words.Add("compressible");
        return string.Join(", ", words);
    }

    private static string Phase(DirtyOrders orders, DirtyPhase phase) =>
        $"{Rate(phase.BytesPerSecond ?? orders.BytesPerSecond)} {Readers.Name(phase.Pattern)} for {ForPeople.Time(phase.Duration)}";

    private static string Rate(long bytesPerSecond) => bytesPerSecond == DirtyOrders.Unlimited ? "as fast as it goes" : ForPeople.Rate(bytesPerSecond);
}
