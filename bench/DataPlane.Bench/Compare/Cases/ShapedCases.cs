using System.Globalization;
using DataPlane.Bench.Tools;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>Links slower than the machine: how much of what iperf3 gets is guest memory.</summary>
internal static class ShapedCases
{
    private const string Iperf = "iperf3 -P 2 -C cubic", Link = "dataplane link -P 2";
    private const long PacedBitsPerSecond = 2_500_000_000;
    private const string State = "Random pages, page tables of both sides set up, 2 channels, cubic";

    /// <summary>A link that <c>tc</c> holds to a rate, between two network namespaces.</summary>
    public static CompareCase Tbf(int gigabits, long bytes) => new(
        $"shaped-{gigabits}gbit", $"{State}; a veth pair held to {gigabits} Gbit/s by tbf. From the end of the setup to the running guest; iperf3's payload.")
    {
        MostBytes = bytes,
        Contenders = memory =>
        [
            OursOn(Ours, gigabits, memory, "--channels", "2", "--congestion", "cubic"),
            On(Iperf, gigabits, false, link => Iperf3.RunAsync(link.Source, link.Destination, link.DestinationAddress)) with { Missing = Iperf3.Missing },
            On(Link, gigabits, false, link => LinkMeasurement.RunAsync(link.Source, link.Destination, link.DestinationAddress)),
        ],
        Goals =
        [
            new Goal("of iperf3's payload", 0.98, result => result.Ratio(Ours, Iperf)),
            new Goal("of iperf3's payload by `dataplane link`", 0.95, result => result.Ratio(Link, Iperf)),
        ],
    };

    /// <summary>Sockets that the kernel paces.</summary>
    public static CompareCase Paced(Network loopback, long bytes) => new(
        "shaped-paced", $"{State}; SO_MAX_PACING_RATE of each socket half of {PacedBitsPerSecond / 1e9} Gbit/s, loopback. From the end of the setup to the running guest; iperf3's payload.")
    {
        MostBytes = bytes,
        Contenders = memory =>
        [
            Of(Ours, Run(memory, loopback, "--channels", "2", "--congestion", "cubic", "--pacing", Text(PacedBitsPerSecond / 2 / 8))),
            OfIperf3(loopback, "--fq-rate", Text(PacedBitsPerSecond / 2)),
        ],
        Goals = [new Goal("of iperf3's payload", 0.98, result => result.Rate(Ours) / result.BestRate("iperf3"))],
    };

    /// <summary>A migration by the product over a link that <c>tc</c> holds to a rate.</summary>
    public static Contender OursOn(string name, int gigabits, GuestFiles memory, params string[] send) => On(
        name, gigabits, true, link => new OurRun
        {
            Memory = memory, Source = link.Source, Destination = link.Destination, Listen = $"tcp:{link.DestinationAddress}:0", Send = send,
        }.RunAsync());

    private static Contender On(string name, int gigabits, bool isChecked, Func<HeldLink, Task<CompareSample>> run) => new(name, async () =>
    {
        await using var link = await HeldLink.TryMakeAsync(gigabits) ?? throw new InvalidOperationException("no shaped links here (root, ip and tc are needed)");
        return await run(link);
    })
    { IsChecked = isChecked };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
