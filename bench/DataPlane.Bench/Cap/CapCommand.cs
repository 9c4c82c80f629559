using System.Globalization;

namespace DataPlane.Bench.Cap;

/// <summary>How far eight channels together are off their cap over 5 s, by method, kind of socket and rate.</summary>
internal static class CapCommand
{
    private const int Channels = 8;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    public static int Run()
    {
        Console.WriteLine($"{Channels} channels, {Time.TotalSeconds} s");
        Console.WriteLine("| cap | sockets | method | all busy | half of them idle half of the time |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var rate in (long[])[10_000_000, 125_000_000, 500_000_000])
            foreach (var (unix, method) in ((bool, CapMethod)[])[(false, CapMethod.Shared), (true, CapMethod.Shared), (false, CapMethod.Pacing)])
            {
                var busy = Error(rate, 0, method, unix);
                var uneven = Error(rate, Channels / 2, method, unix);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {rate / 1e6:0} MB/s | {(unix ? "UNIX" : "TCP")} | {(method == CapMethod.Shared ? "shared" : "pacing rate, an eighth each")} | {busy:+0.00;-0.00;0.00} % | {uneven:+0.00;-0.00;0.00} % |"));
            }
        return 0;
    }

    private static double Error(long rate, int idle, CapMethod method, bool unix)
    {
        using var channels = new CappedChannels(Channels, idle, rate, method, unix);
        return Math.Round(100 * ((channels.Run(Time) / rate) - 1), 2);
    }
}
