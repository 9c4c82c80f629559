using System.Text.Json;
using DataPlane.Core.Memory;

namespace DataPlane.Bench.Compare;

/// <summary>What the product's result document says of a run.</summary>
internal static class OurResult
{
    /// <summary>What the peers of this bench add to the document.</summary>
    public const string Collections = "garbage-collections";

    public static CompareSample Read(JsonElement root, bool fromConnect)
    {
        var ram = root.GetProperty("ram");
        var bytes = ram.GetProperty("total").GetInt64();
        var seconds = (root.GetProperty("total-time").GetDouble() - (fromConnect ? 0 : root.GetProperty("setup-time").GetDouble())) / 1e3;
        var cpu = root.GetProperty("cpu");
        return new CompareSample(bytes / seconds)
        {
            SourceCpu = Number(cpu, "source-seconds") / (bytes / 1e9),
            DestinationCpu = Number(cpu, "destination-seconds") / (bytes / 1e9),
            WireShare = (double)ram.GetProperty("transferred").GetInt64() / bytes,
            PassBytesPerSecond = Rate(Passes(root.GetProperty("passes"))),
            FinalShare = FinalShare(root.GetProperty("passes")),
            Allocated = Number(root, "allocated-bytes-steady"),
            Collections = root.TryGetProperty(Collections, out _) ? Number(root, Collections) : null,
        };
    }

    /// <summary>Guest memory sent while the guest ran, and the seconds of the passes that had anything to send.</summary>
    public static (double Bytes, double Seconds) Passes(JsonElement passes) =>
        Sum(passes.EnumerateArray().SkipLast(1).Where(pass => pass.GetProperty("dirty-pages").GetInt64() > 0));

    /// <summary>Guest memory of the first pass, and its seconds.</summary>
    public static (double Bytes, double Seconds) FirstPass(JsonElement passes) => Sum(passes.EnumerateArray().Take(1));

    private static double? FinalShare(JsonElement passes) => passes.GetArrayLength() == 0 ? null : Rate(Sum(passes.EnumerateArray().TakeLast(1))) / Rate(Passes(passes));

    private static double? Rate((double Bytes, double Seconds) of) => of.Seconds > 0 ? of.Bytes / of.Seconds : null;

    private static (double Bytes, double Seconds) Sum(IEnumerable<JsonElement> passes) => passes.Aggregate(
        (0.0, 0.0), (sum, pass) => (
            sum.Item1 + ((pass.GetProperty("sent-pages").GetDouble() + pass.GetProperty("zero-pages").GetDouble()) * PageGeometry.PageSize),
            sum.Item2 + (pass.GetProperty("duration-ms").GetDouble() / 1e3)));

    private static double? Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
