namespace DataPlane.Tools.Link;

/// <summary>One way of the link.</summary>
/// <param name="Direction">Which.</param>
/// <param name="Sum">Its bulk.</param>
/// <param name="SlowestChannel">The channel that carried least; null with one channel.</param>
/// <param name="FastestChannel">The channel that carried most; null with one channel.</param>
/// <param name="IsUneven">The slowest carried less than half of what the channel in the middle did: perhaps a bad path of several.</param>
/// <param name="FinalSet">The small final set; null where it was not come to.</param>
/// <param name="Switchover">Round trips; null where they were not come to.</param>
public sealed record LinkDirectionReport(
    LinkDirection Direction, LinkSum Sum, int? SlowestChannel, int? FastestChannel, bool IsUneven, LinkFinalSet? FinalSet, LinkSwitchover? Switchover)
{
    internal static LinkDirectionReport Of(LinkDirection direction, LinkSum sum, IReadOnlyList<LinkChannelReport> channels, LinkFinalSet? final, LinkSwitchover? switchover)
    {
        LinkChannelReport[] sorted = [.. channels.OrderBy(channel => channel.Bytes)];
        if (sorted.Length < 2) return new LinkDirectionReport(direction, sum, null, null, false, final, switchover);
        return new LinkDirectionReport(
            direction, sum, sorted[0].Channel, sorted[^1].Channel, sorted[0].Bytes < sorted[sorted.Length / 2].Bytes / 2, final, switchover);
    }
}
