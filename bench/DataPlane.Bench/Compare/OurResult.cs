using System.Text.Json;
using DataPlane.Core.Memory;

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

    /// <summary>Guest memory per second while the guest ran, in the passes that had anything to send.</summary>
    public static double? PassRate(JsonElement passes) =>
        Rate([.. passes.EnumerateArray().SkipLast(1).Where(pass => pass.GetProperty("dirty-pages").GetInt64() > 0)]);

    /// <summary>The middle of what the passes dirtied, bytes per second; null where none told.</summary>
    public static double? DirtyRate(JsonElement passes)
    {
        var rates = passes.EnumerateArray().Select(pass => Number(pass, "dirty-bytes-per-second")).Where(rate => rate is not null).Order().ToArray();
        return rates.Length == 0 ? null : rates[rates.Length / 2];
    }

    private static double? FinalShare(JsonElement passes) => passes.GetArrayLength() == 0 ? null : Rate([passes.EnumerateArray().Last()]) / PassRate(passes);

    private static double? Rate(JsonElement[] passes) => passes.Length == 0 ? null
        : passes.Sum(pass => pass.GetProperty("sent-pages").GetDouble() + pass.GetProperty("zero-pages").GetDouble()) * PageGeometry.PageSize
        / (passes.Sum(pass => pass.GetProperty("duration-ms").GetDouble()) / 1e3);

    private static double? Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
