using System.Text.Json;

namespace DataPlane.Bench.Compare;

/// <summary>What the product's result document says of a run.</summary>
internal static class OurResult
{
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
            PassBytesPerSecond = PassRate(root.GetProperty("passes")),
            FinalShare = FinalShare(root.GetProperty("passes")),
            Allocated = Number(root, "allocated-bytes-steady"),
        };
    }

    /// <summary>Bytes per second on the wire while the guest ran, in the passes that had anything to send.</summary>
    public static double? PassRate(JsonElement passes)
    {
        var bulk = passes.EnumerateArray().SkipLast(1).Where(pass => pass.GetProperty("dirty-pages").GetInt64() > 0).ToArray();
        return bulk.Length == 0 ? null : bulk.Sum(pass => pass.GetProperty("wire-bytes").GetDouble()) / (bulk.Sum(pass => pass.GetProperty("duration-ms").GetDouble()) / 1e3);
    }

    private static double? FinalShare(JsonElement passes) =>
        passes.GetArrayLength() == 0 ? null : Number(passes.EnumerateArray().Last(), "bandwidth-bytes-per-second") / PassRate(passes);

    private static double? Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
