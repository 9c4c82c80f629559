using System.Numerics;
using DataPlane.Linux.Host;
using DataPlane.Options;

namespace DataPlane.Cli.Doctor;

/// <summary>Whether TCP may have as many bytes on the way as fast links with long round trips need.</summary>
internal sealed class BufferChecks(HostFiles files)
{
    private const string Group = "network";

    /// <summary>What 10 Gbit/s has on the way in 10 ms, and 100 Gbit/s in 1 ms: rate / 8 * round trip.</summary>
    private const double Needed = 12.5e6;

    public IEnumerable<Check> All() =>
    [
        // Of what a receiver's socket holds the kernel lets half be window; the rest is room for its own bookkeeping.
        Of("receive-buffer", "tcp_rmem", "rmem_max", share: 0.5, "half of it window"),
        Of("send-buffer", "tcp_wmem", "wmem_max", share: 1, "all of it on the way"),
    ];

    private Check Of(string name, string tcp, string core, double share, string words)
    {
        var text = files.Read($"proc/sys/net/ipv4/{tcp}");
        var parts = (text.Text ?? "").Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var coreMost = files.Number($"proc/sys/net/core/{core}");
        if (parts is not [var least, var first, var last] || !long.TryParse(last, out var most))
            return new Check(Group, name, CheckStatus.Note, text.Why ?? $"'{text.Text}'", "TCP's buffers bound what is on the way.", null);
        var channels = DefaultChannels.Count;
        var onTheWay = most * share * channels;
        var enough = onTheWay >= Needed;
        return new Check(
            Group, name, enough ? CheckStatus.Ok : CheckStatus.Note,
            $"{tcp} up to {Megabytes(most)}; {core} {(coreMost is { } limit ? Megabytes(limit) : "not told")}, for programs that set sizes themselves",
            $"{channels} channels x {Megabytes(most)}, {words}, are {Megabytes(onTheWay)}: enough for 10 Gbit/s up to a round trip of {Milliseconds(onTheWay, 10)} "
                + $"and for 100 Gbit/s up to {Milliseconds(onTheWay, 100)} (bytes x 8 / rate); {Megabytes(Needed)} do for 10 ms and 1 ms.",
            enough ? null : $"sysctl -w net.ipv4.{tcp}=\"{least} {first} {BitOperations.RoundUpToPowerOf2((ulong)Math.Ceiling(Needed / share / channels))}\"");
    }

    private static string Megabytes(double bytes) => $"{bytes / 1e6:0.##} MB";

    private static string Milliseconds(double bytes, int gigabits) => $"{bytes * 8 / (gigabits * 1e9) * 1e3:0.##} ms";
}
