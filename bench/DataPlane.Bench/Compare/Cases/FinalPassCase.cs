using System.Globalization;
using DataPlane.Bench.Tools;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>What the guest leaves for the blackout: little, in pages far from each other.</summary>
internal static class FinalPassCase
{
    private const long Bytes = 16 << 20;

    public static CompareCase Make(Network loopback) => new(
        "final-pass",
        "Random pages, page tables of both sides set up, 2 channels, cubic; as the guest is stopped, 16 MiB in single pages spread evenly over its memory have been written. Guest memory "
        + "over the time of the final pass, and of the passes before, by the result document. The C pair sends all of the memory and then such pages, with nothing around it.")
    {
        Contenders = memory =>
        [
            Of(Ours, Run(memory, loopback, "--channels", "2", "--final", Bytes.ToString(CultureInfo.InvariantCulture))),
            new Contender(Pair, () => BareCPair.RunScatteredAsync(memory, 2, Bytes)) { Missing = BareCPair.Missing, IsChecked = false },
        ],
        Goals =
        [
            new Goal("rate of the final pass, of the passes before", 0.8, result => result.Median(Ours, sample => sample.FinalShare)),
            new Goal("that, of what is left to the C pair of its own rate", 0.95, result => result.Median(Ours, sample => sample.FinalShare) / result.Median(Pair, sample => sample.FinalShare)),
        ],
    };
}
