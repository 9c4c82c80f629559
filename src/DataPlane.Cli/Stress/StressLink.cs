using DataPlane.Cli.Units;
using DataPlane.Tools.Shaping;

namespace DataPlane.Cli.Stress;

/// <summary>The link of a round, in words.</summary>
internal static class StressLink
{
    public static string Words(LinkShape shape, ShapedLink link, string faults)
    {
        if (shape.IsPlain) return "loopback";
        var parts = new List<string>();
        if (shape.BytesPerSecond is { } rate) parts.Add(ForPeople.BitRate(rate));
        if (shape.Delay > TimeSpan.Zero) parts.Add($"{ForPeople.Time(shape.Delay)} each way{(shape.Jitter > TimeSpan.Zero ? $" +- {ForPeople.Time(shape.Jitter)}" : "")}");
        if (shape.Faults is not null) parts.Add(faults);
        var by = link.Mechanism switch
        {
            ShapingMechanism.Namespaces => "network namespaces",
            ShapingMechanism.NamespacesAndRelay => "network namespaces and a relay",
            _ => "a relay",
        };
        return $"{string.Join(", ", parts)}, by {by}";
    }
}
