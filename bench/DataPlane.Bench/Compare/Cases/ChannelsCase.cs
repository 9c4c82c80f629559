using System.Globalization;
using DataPlane.Bench.Tools;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>Fewer and more channels than there are cores on the machine that the goals are for, which has two.</summary>
internal static class ChannelsCase
{
    private const int Best = 2;
    private static readonly int[] _counts = [1, Best, 4, 8];

    public static CompareCase Make(Network loopback) => new(
        "channels", "Random pages, page tables of both sides set up, cubic; from the end of the setup to the running guest.")
    {
        Contenders = memory =>
        [
            .. _counts.SelectMany(count => new[]
            {
                Of(Name(Ours, count), Run(memory, loopback, "--channels", count.ToString(CultureInfo.InvariantCulture))),
                OfPair(memory, loopback, count, name: Name(Pair, count)),
            }),
        ],
        Goals =
        [
            .. _counts.Where(count => count != Best).Select(count => new Goal(
                $"{count} channels to {Best}, of the same of the C pair", 1, result => Share(result, Ours, count) / Share(result, Pair, count))),
        ],
    };

    private static double? Share(CaseResult result, string who, int count) => result.Ratio(Name(who, count), Name(who, Best));

    private static string Name(string who, int count) => $"{who}, {count} ch";
}
