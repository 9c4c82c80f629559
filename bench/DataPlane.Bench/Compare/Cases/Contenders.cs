using DataPlane.Bench.Qemu;
using DataPlane.Bench.Tools;
using DataPlane.Options;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>Contenders as most cases have them.</summary>
internal static class Contenders
{
    public const string Ours = "dataplane", Pair = "C pair", Qemus = "QEMU";

    // On as few cores as this is measured on, more only take longer.
    private static readonly int[] _qemusChannels = [1, 2, 4];

    /// <summary>A migration by the product over one network.</summary>
    public static OurRun Run(GuestFiles memory, Network network, params string[] send) =>
        new() { Memory = memory, Source = network, Destination = network, Send = send };

    public static Contender Of(string name, OurRun run) => new(name, run.RunAsync);

    /// <summary>The pair with populated memories.</summary>
    public static Contender OfPair(GuestFiles memory, Network network, int channels, string address = "tcp:0", string name = Pair) =>
        new(name, () => BareCPair.RunAsync(memory, network, channels, address)) { Missing = BareCPair.Missing };

    public static Contender Of(QemuMigration migration, string more = "") => new(
        $"{Qemus}, {(migration.Channels is { } channels ? $"multifd {channels}" : "no multifd")}{more}", migration.RunAsync) { Missing = QemuProcess.Missing };

    /// <summary>QEMU with 1, 2 and 4 channels: the best of them is the baseline.</summary>
    public static IEnumerable<Contender> OfQemus(QemuMigration migration) => _qemusChannels.Select(channels => Of(migration with { Channels = channels }));

    public static Contender OfIperf3(Network network, params string[] more) => new(
        $"iperf3 -P 2 -C cubic {string.Join(' ', more)}", () => Iperf3.RunAsync(network, network, "127.0.0.1", more)) { Missing = Iperf3.Missing, IsChecked = false };
}
