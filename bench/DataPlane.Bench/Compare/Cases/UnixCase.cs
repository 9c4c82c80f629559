using DataPlane.Bench.Tools;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>UNIX sockets beside TCP.</summary>
internal static class UnixCase
{
    private const string OursUnix = "dataplane, UNIX sockets";

    public static CompareCase Make(Network loopback) => new("unix", "Random pages, page tables of both sides set up, 2 channels; TCP with cubic. From the end of the setup to the running guest.")
    {
        Contenders = memory =>
        [
            Of(Ours, Run(memory, loopback, "--channels", "2")),
            Of(OursUnix, Run(memory, loopback, "--channels", "2") with { Listen = $"unix:{Socket("ours")}" }),
            OfPair(memory, loopback, 2),
            OfPair(memory, loopback, 2, $"unix:{Socket("pair")}", "C pair, UNIX sockets"),
        ],
        Goals = [new Goal("of TCP", 0.95, result => result.Ratio(OursUnix, Ours))],
    };

    private static string Socket(string whose) => Path.Combine(Path.GetTempPath(), $"dataplane-compare-{whose}-{Environment.ProcessId}");
}
