using System.CommandLine;
using System.Net;
using DataPlane.Cli.Output;
using DataPlane.Cli.Units;

namespace DataPlane.Cli.Options;

/// <summary>The options of every command that migrates: the socket's, and what is written where.</summary>
internal sealed class CommonOptionSet
{
    public ValueOption<string> Congestion { get; } = new(
        "--congestion", "auto|NAME", "auto", "TCP congestion control; auto is the system's, but cubic where the round trip is under 0.2 ms.",
        "auto or the NAME of a congestion control, at most 15 characters", ReadCongestion);

    public ValueOption<string?> Json { get; } = NewJson();

    public ValueOption<string?> Report { get; } = new(
        "--report", "FILE.html", null, "Write the result as a page that needs no network and no script.", "a FILE.html that can be written", Readers.File!);

    public ValueOption<ProgressMode> Progress { get; } = new(
        "--progress", "auto|tty|plain|none", "auto", "Progress on standard error: a screen redrawn in place (on a terminal only), a line each second, or nothing.",
        "one of " + Readers.Names<ProgressMode>(), Readers.Member<ProgressMode>());

    public ValueOption<TimeSpan> Retain { get; } = new(
        "--retain", "TIME", "5m", "How long both sides keep what they have after an attempt that failed, where another is to follow.",
        Duration.Form + ", at most 24h", Readers.Time(TimeSpan.FromTicks(1), TimeSpan.FromDays(1)));

    public ValueOption<IPEndPoint?> Metrics { get; } = new(
        "--metrics", "tcp:IP:PORT", null, "Answer GET /metrics there with Prometheus' text; port 0 picks one. To anybody who can reach it.",
        "a literal address and a port, as tcp:127.0.0.1:9464 or tcp:[::1]:0", Readers.Literal);

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All =>
    [
        Congestion, Retain, Json, Report, Progress, Metrics,
    ];

    public static ValueOption<string?> NewJson() => new(
        "--json", "FILE|-", null, "Write the result document there; - is standard output, which then holds nothing else.",
        "a FILE that can be written, or - for standard output", Readers.File!);

    private static bool ReadCongestion(string text, out string name)
    {
        name = text;
        return text.Length is > 0 and <= 15 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
    }
}
