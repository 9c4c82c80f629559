using System.Text.Json;

namespace DataPlane.Bench.Blackout;

/// <summary>One migration, in milliseconds: the blackout and what it was made of, by name, in order of time.</summary>
internal sealed record BlackoutSample(double Downtime, IReadOnlyDictionary<string, double> Parts)
{
    /// <summary>
    /// Both processes read one clock, so that what the result took for the offset of the destination's is nothing but error and is put back.
    /// </summary>
    public static BlackoutSample Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var breakdown = root.GetProperty("downtime-breakdown");
        var offset = breakdown.GetProperty("clock-offset-us") is { ValueKind: JsonValueKind.Number } known ? known.GetDouble() / 1e3 : 0;
        var parts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var segment in breakdown.GetProperty("segments").EnumerateArray())
            parts[segment.GetProperty("name").GetString()!] = segment.GetProperty("duration-us").GetDouble() / 1e3;
        foreach (var stage in breakdown.GetProperty("stages").EnumerateArray())
            parts[$"  {stage.GetProperty("name").GetString()}"] = stage.GetProperty("duration-us").GetDouble() / 1e3;
        return new BlackoutSample(root.GetProperty("downtime").GetDouble() + offset, parts);
    }
}
