using System.Buffers;
using System.Text;
using System.Text.Json;
using DataPlane.Handover;

namespace DataPlane.Native.Exports;

/// <summary>Records and answers of the handover as JSON arrays.</summary>
internal static class HandoverJson
{
    public static string Of(IReadOnlyList<HandoverReport> reports) => Array(reports, static (json, report) =>
    {
        json.WriteString("image", report.Image);
        json.WriteNumber("attempt", report.Attempt);
        json.WriteString("side", Lower(report.Side));
        json.WriteString("owner", Lower(report.Owner));
        json.WriteBoolean("held", report.Held);
        json.WriteBoolean("this-boot", report.ThisBoot);
        json.WriteBoolean("arbiter", report.Arbiter);
        json.WriteStartArray("records");
        foreach (var record in report.Records)
        {
            json.WriteStartObject();
            json.WriteString("record", record.Record);
            json.WriteString("time", record.Time);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("meaning", report.Meaning);
    });

    public static string Of(IReadOnlyList<HandoverAnswer> answers) => Array(answers, static (json, answer) =>
    {
        json.WriteString("image", answer.Image);
        json.WriteNumber("attempt", answer.Attempt);
        json.WriteString("answer", answer.Word);
    });

    private static string Array<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var item in items)
            {
                json.WriteStartObject();
                write(json, item);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
