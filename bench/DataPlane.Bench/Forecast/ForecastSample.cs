using System.Text.Json;

namespace DataPlane.Bench.Forecast;

/// <summary>What was foretold and what happened, in milliseconds, whole and by part.</summary>
internal sealed record ForecastSample(ForecastCase Case, double Expected, double Low, double High, double Actual, IReadOnlyList<ForecastPartSample> Parts)
{
    /// <summary>By how much it was off.</summary>
    public double Error => Math.Abs(Actual - Expected);

    /// <summary>In percent of what was foretold, as the result has it.</summary>
    public double Percent => 100 * (Actual - Expected) / Expected;

    /// <summary>How much of an allowance is used up that is the larger of so many percent and so many milliseconds: 1 is just within.</summary>
    public double Used(double percent, double milliseconds) => Error / Math.Max(percent / 100 * Expected, milliseconds);

    public static ForecastSample Read(ForecastCase of, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var forecast = root.GetProperty("forecast");
        var foretold = forecast.GetProperty("parts").EnumerateArray().ToDictionary(part => part.GetProperty("name").GetString()!, part => part.GetProperty("expected-us").GetDouble());
        var parts = root.GetProperty("downtime-breakdown").GetProperty("segments").EnumerateArray()
            .Where(segment => foretold.ContainsKey(segment.GetProperty("name").GetString()!))
            .Select(segment => new ForecastPartSample(
                segment.GetProperty("name").GetString()!, foretold[segment.GetProperty("name").GetString()!] / 1e3, segment.GetProperty("duration-us").GetDouble() / 1e3));
        return new ForecastSample(
            of, root.GetProperty("expected-downtime").GetDouble(), forecast.GetProperty("low-us").GetDouble() / 1e3, forecast.GetProperty("high-us").GetDouble() / 1e3,
            root.GetProperty("downtime").GetDouble(), [.. parts]);
    }
}

/// <summary>One part of a blackout in milliseconds.</summary>
internal readonly record struct ForecastPartSample(string Name, double Expected, double Actual);
