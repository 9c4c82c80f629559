using System.Globalization;
using DataPlane.Bench.Cap;
using DataPlane.Bench.Tools;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>Eight channels held to a bandwidth for five seconds: by whole migrations, and by the part of the product that holds them, with nothing around it.</summary>
internal static class CapCase
{
    private const int Channels = 8;
    private const int Seconds = 5;
    private const long AloneRate = 500_000_000;
    private const string Busy = "cap alone, 500 MB/s, all busy", Uneven = "cap alone, 500 MB/s, half of the channels idle half of the time";

    public static CompareCase Make(Network loopback) => new(
        "cap",
        $"Random pages, page tables of both sides set up, {Channels} channels, cubic, loopback, capped to the rate at which the memory takes {Seconds} s; bytes on the wire over the time of the "
        + $"passes, by the result document. Cap alone: channels that send one buffer again and again for {Seconds} s, counted where the bytes arrive.")
    {
        Contenders = memory =>
        [
            Of(Ours, Run(memory, loopback, "--channels", Text(Channels), "--max-bandwidth", Text(memory.Bytes / Seconds))),
            new Contender(Busy, () => Task.FromResult(Alone(idle: 0))) { IsChecked = false },
            new Contender(Uneven, () => Task.FromResult(Alone(Channels / 2))) { IsChecked = false },
        ],
        Goals =
        [
            Off("share off the cap", result => result.Median(Ours, sample => sample.PassBytesPerSecond * sample.WireShare) / (result.Bytes / Seconds)),
            Off("share off the cap, alone, all busy", result => result.Rate(Busy) / AloneRate),
            Off("share off the cap, alone, half idle half of the time", result => result.Rate(Uneven) / AloneRate),
        ],
    };

    private static Goal Off(string text, Func<CaseResult, double?> share) =>
        new(text, 0.02, result => share(result) is { } of ? Math.Abs(of - 1) : null) { IsAtMost = true };

    private static CompareSample Alone(int idle)
    {
        using var channels = new CappedChannels(Channels, idle, AloneRate, CapMethod.Shared, unix: false);
        return new CompareSample(channels.Run(TimeSpan.FromSeconds(Seconds)));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
