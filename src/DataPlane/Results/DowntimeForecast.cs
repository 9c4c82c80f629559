using DataPlane.Control.Forecast;

namespace DataPlane.Results;

/// <summary>
/// The blackout that is to be expected, from the guest's last instruction to its first, in microseconds; low and high are two standard
/// deviations away. The parts are named as the segments of <see cref="DowntimeBreakdown"/>.
/// </summary>
/// <param name="ExpectedUs">All of it.</param>
/// <param name="LowUs">Rarely less.</param>
/// <param name="HighUs">Rarely more.</param>
/// <param name="Parts">In order of time.</param>
public sealed record DowntimeForecast(double ExpectedUs, double LowUs, double HighUs, IReadOnlyList<DowntimeForecastPart> Parts)
{
    internal static DowntimeForecast? Of(BlackoutForecast? forecast) => forecast is not { Known: true } ? null : new DowntimeForecast(
        Us(forecast.Total.Expected), Us(forecast.Total.Low), Us(forecast.Total.High),
        [.. forecast.Parts.Select(part => new DowntimeForecastPart(part.Name, Us(part.Time.Expected), Us(part.Time.Low), Us(part.Time.High)))]);

    private static double Us(TimeSpan time) => time.TotalMicroseconds;
}

/// <summary>A part of the blackout that is to be expected.</summary>
public sealed record DowntimeForecastPart(string Name, double ExpectedUs, double LowUs, double HighUs);
