using System.Globalization;
using System.Net;
using System.Text.Json;
using DataPlane.Cli.Run;
using DataPlane.Tools.Predict;

namespace DataPlane.Cli.Predict;

/// <summary>Reads what <c>link client --json</c> wrote. Files come from anywhere: what is no such document is refused with the file's name.</summary>
internal static class LinkDocument
{
    private const string Schema = "dataplane.link/1";
    private const int MostBytes = 64 << 20;

    /// <summary>Throws <see cref="UsageException"/> with one sentence.</summary>
    public static LearnedFromLink Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes }) throw Refused(path, "it is longer than 64 MiB");
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(path, document.RootElement);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Refused(path, fault.Message);
        }
        catch (JsonException fault)
        {
            throw Refused(path, $"it is not JSON ({fault.Message})");
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Refused(path, $"it is not whole ({fault.Message})");
        }
    }

    private static LearnedFromLink Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema)) throw Refused(path, "it says no \"schema\"");
        if (schema.GetString() != Schema) throw Refused(path, $"its schema is \"{schema.GetString()}\"");
        var sum = root.GetProperty("sum");
        if (sum.ValueKind == JsonValueKind.Null || Number(sum, "bits-per-second") is not > 0) throw Refused(path, "nothing was measured in it");
        var way = root.GetProperty("directions")[0];
        var bytes = Number(way.GetProperty("sum"), "bytes") ?? 0;
        var bits = Number(way.GetProperty("sum"), "bits-per-second") ?? 0;
        if (!(bits > 0)) throw Refused(path, "nothing was measured in it");
        var (sender, receiver) = ("local-seconds", "remote-seconds");
        if (way.GetProperty("direction").GetString() != "to-server") (sender, receiver) = (receiver, sender);
        var both = root.GetProperty("directions").GetArrayLength() > 1;
        var cpu = root.GetProperty("cpu");
        var final = way.GetProperty("final-set");
        var trips = root.GetProperty("round-trip");
        return new LearnedFromLink(bits, int.Parse(root.GetProperty("environment").GetProperty("options").GetProperty("channels").GetString()!, NumberStyles.None, CultureInfo.InvariantCulture))
        {
            Sweep = root.GetProperty("sweep").EnumerateArray().Where(_ => !both).ToDictionary(
                row => row.GetProperty("channels").GetInt32(), row => row.GetProperty("sum").GetProperty("bits-per-second").GetDouble()),
            RoundTripUs = trips.ValueKind == JsonValueKind.Object && trips.GetProperty("idle-us") is { ValueKind: JsonValueKind.Object } idle ? Number(idle, "median") : null,
            SenderSecondsPerByte = both || bytes <= 0 || cpu.ValueKind == JsonValueKind.Null ? null : Number(cpu, sender) / bytes,
            ReceiverSecondsPerByte = both || bytes <= 0 || cpu.ValueKind == JsonValueKind.Null ? null : Number(cpu, receiver) / bytes,
            FinalSetUs = final.ValueKind == JsonValueKind.Object ? Number(final.GetProperty("time-us"), "median") : null,
            FinalSetBytes = final.ValueKind == JsonValueKind.Object ? final.GetProperty("bytes").GetInt64() : 0,
            MemoryBytes = root.GetProperty("memory").GetProperty("bytes").GetInt64(),
            IsOneHost = IsHere(root.GetProperty("server").GetString()!),
        };
    }

    private static double? Number(JsonElement of, string name) => of.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static bool IsHere(string server) => MigrationAddress.TryParse(server, out var address, out _) && address is { Path: var path, Host: var host }
        && (path is not null || host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip)));

    private static UsageException Refused(string path, string why) =>
        new($"--link '{path}': expected a RATE such as 10Gbit/s, or a FILE that 'link client --json' wrote, schema \"{Schema}\"; {why.ReplaceLineEndings(" ").TrimEnd('.')}.");
}
