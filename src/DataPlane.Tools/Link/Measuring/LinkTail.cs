using System.Diagnostics;

namespace DataPlane.Tools.Link;

/// <summary>What a switchover would do, behind a bulk that has drained: small final sets and round trips, several times over.</summary>
internal sealed class LinkTail(ILinkSender sender, long setBytes, LinkSpread? roundTrip)
{
    // Enough for a median on a fast link, and no more than about two seconds on a slow one, where a set takes long and differs little from the next.
    private const int Sets = 9, Fences = 20;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(2);

    public async Task<LinkFinalSet> FinalSetAsync(CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var sets = new List<(double Rate, double Microseconds)>();
        while (sets.Count == 0 || (sets.Count < Sets && Stopwatch.GetElapsedTime(began) < LongEnough))
        {
            var sent = await sender.FinalSetAsync(setBytes, cancel);
            // The fence's answer travels back, which is no time of the bytes.
            var time = Math.Max(1, sent.Time.TotalMicroseconds - ((roundTrip?.Min ?? 0) / 2));
            sets.Add((sent.WireBytes * 8 / (time / 1e6), time));
        }
        sets.Sort();
        return new LinkFinalSet(setBytes, sets[sets.Count / 2].Rate, sets[0].Rate, LinkSpread.Of([.. sets.Select(set => set.Microseconds)])!);
    }

    public async Task<LinkSwitchover> SwitchoverAsync(Func<Task<LinkSpread>> messages, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var fences = new List<double>();
        while (fences.Count == 0 || (fences.Count < Fences && Stopwatch.GetElapsedTime(began) < LongEnough))
            fences.Add((await sender.FenceAsync(cancel)).Time.TotalMicroseconds);
        var (fence, message) = (LinkSpread.Of(fences)!, await messages());
        return new LinkSwitchover(fence, message, Math.Round(fence.Median + message.Median, 1));
    }
}
