using System.Buffers;
using System.Text;
using System.Text.Json;
using DataPlane.Results;
using DataPlane.Telemetry;

namespace DataPlane.Native.Migrations;

/// <summary>Progress as one JSON object, with the names and units of the result document.</summary>
internal static class ProgressJson
{
    public static string Write(MigrationProgress progress)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("status", StatusNames.Of(progress.Status));
            json.WriteNumber("attempt", progress.Attempt);
            json.WriteNumber("pass", progress.Pass);
            json.WriteNumber("elapsed-ms", progress.Elapsed.TotalMilliseconds);
            json.WriteNumber("total-bytes", progress.TotalBytes);
            json.WriteNumber("transferred-bytes", progress.TransferredBytes);
            Number(json, "remaining-bytes", progress.RemainingBytes);
            Number(json, "bytes-per-second", progress.BytesPerSecond);
            Number(json, "dirty-bytes-per-second", progress.DirtyBytesPerSecond);
            Number(json, "expected-downtime-ms", progress.ExpectedDowntime?.TotalMilliseconds);
            json.WriteNumber("cpu-throttle-percentage", progress.CpuThrottlePercentage);
            json.WriteStartArray("channel-bytes");
            foreach (var channel in progress.ChannelBytes) json.WriteNumberValue(channel);
            json.WriteEndArray();
            Forecast(json, progress.Forecast);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Forecast(Utf8JsonWriter json, DowntimeForecast? forecast)
    {
        if (forecast is null)
        {
            json.WriteNull("forecast");
            return;
        }
        json.WriteStartObject("forecast");
        Times(json, forecast.ExpectedUs, forecast.LowUs, forecast.HighUs);
        json.WriteStartArray("parts");
        foreach (var part in forecast.Parts)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            Times(json, part.ExpectedUs, part.LowUs, part.HighUs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Times(Utf8JsonWriter json, double expected, double low, double high)
    {
        json.WriteNumber("expected-us", expected);
        json.WriteNumber("low-us", low);
        json.WriteNumber("high-us", high);
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }
}
