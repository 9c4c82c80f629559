using DataPlane.Bench.Tools;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>The ways there are to give memory to a socket, with nothing around them: the floor under a migration.</summary>
internal static class WaysCase
{
    private static readonly string[] _ways = ["copy", "sendfile", "splice", "zerocopy"];

    public static CompareCase Make(Network loopback) => new(
        "ways", "Random pages, page tables of both sides set up, 2 channels, cubic. The C pair alone: send copies, sendfile and splice (vmsplice into a pipe, splice into the socket) "
        + "give the pages themselves, and so does MSG_ZEROCOPY on a real card.")
    {
        Contenders = memory =>
        [
            .. _ways.Select(way => new Contender(
                $"{Pair}, {way}", () => BareCPair.RunAsync(memory, loopback, 2, way: way)) { Missing = BareCPair.Missing }),
            Of(Ours, Run(memory, loopback, "--channels", "2")),
        ],
    };
}
