using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;
using DataPlane.Cli.Units;
using DataPlane.Core.Memory;
using DataPlane.Options;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Link;

/// <summary>The options of <c>link client</c>. Those that iperf3 has too are spelled as there.</summary>
internal sealed class LinkClientOptionSet
{
    private const string HostForm = "a HOST, HOST:PORT, tcp:HOST:PORT, tcp:[IPV6]:PORT or unix:PATH";
    private const long MostRate = 1_000_000_000_000;
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    public Argument<string?> Host { get; } = new("HOST") { Arity = ArgumentArity.ZeroOrOne, Description = $"The server: {HostForm}. Port {LinkOptions.DefaultPort} unless given." };

    private ValueOption<int?> Channels { get; } = new(
        "--channels", "N|auto", "auto", "Data channels, each way; auto as a migration has them: min(8, allowed cores), at least 2.",
        "auto or a number from 1 to 64", Readers.Or("auto", Readers.Int(1, 64))) { Aliases = { "-P" } };

    private ValueOption<TimeSpan> Time { get; } = new(
        "--time", "TIME", "10s", "How long to send in bulk, for each number of channels.", Duration.Form + " or bare seconds, from 100ms to 24h", Seconds(TimeSpan.FromMilliseconds(100)))
        { Aliases = { "-t" } };

    private ValueOption<TimeSpan> Interval { get; } = new(
        "--interval", "TIME", "1s", "How often to tell how it goes.", Duration.Form + " or bare seconds, from 50ms to 24h", Seconds(TimeSpan.FromMilliseconds(50)))
        { Aliases = { "-i" } };

    private FlagOption Reverse { get; } = new("--reverse", "The server sends.") { Aliases = { "-R" } };

    private FlagOption Bidir { get; } = new("--bidir", "Both send at once, over channels of their own.");

    private ValueOption<int[]?> Sweep { get; } = new(
        "--sweep", "N,N,...", null, "Measure with each of these numbers of channels, and say which to take.", "numbers from 1 to 64 such as 1,2,4,8,16", Numbers!);

    private ListOption<IPAddress> Bind { get; } = new StreamOptionSet("digest").Bind;

    private ValueOption<long?> Declared { get; } = new(
        "--declared", "RATE", null, "What the link is said to carry; the verdict says whether it does.", ByteRate.Form + ", at most 8Tbit/s", Rate);

    private ValueOption<long> Memory { get; } = new(
        "--memory", "SIZE", "512MiB", "Memory to send from and to place into, on either side.", ByteSize.Form + ", a multiple of 2MiB", Readers.Size(PageGeometry.StripeSize, PageGeometry.StripeSize));

    private ValueOption<long> FinalSet { get; } = new(
        "--final-set", "SIZE", "16MiB", "Single pages all over the memory, as they are left when a guest is stopped.", ByteSize.Form + ", in whole pages of 4 KiB",
        Readers.Size(PageGeometry.PageSize, PageGeometry.PageSize));

    private ValueOption<string> Congestion { get; } = new CommonOptionSet().Congestion;

    public ValueOption<string?> Json { get; } = CommonOptionSet.NewJson();

    public ValueOption<ProgressMode> Progress { get; } = new CommonOptionSet().Progress;

    public IReadOnlyList<Option> All => [Channels, Time, Interval, Reverse, Bidir, Sweep, Bind, Declared, Memory, FinalSet, Congestion, Json, Progress];

    /// <summary>Throws <see cref="UsageException"/> where it is none.</summary>
    public MigrationAddress ReadHost(ParseResult parse)
    {
        if (parse.GetValue(Host) is not { Length: > 0 } text) throw new UsageException($"HOST is missing: expected {HostForm}");
        return LinkHost.TryRead(text, LinkOptions.DefaultPort, out var address) ? address! : throw new UsageException($"HOST '{text}': expected {HostForm}");
    }

    /// <summary>Throws <see cref="UsageException"/> with the first that does not fit the others.</summary>
    public LinkOptions Read(ParseResult parse, MigrationAddress to)
    {
        if (Reverse.Value(parse) && Bidir.Value(parse)) throw new UsageException("--reverse and --bidir: expected one of them");
        if (Sweep.Value(parse) is not null && Channels.Value(parse) is not null) throw new UsageException("--sweep and --channels: expected one of them");
        if (to.Path is not null && Bind.Values(parse).Count > 0) throw new UsageException("--bind: a UNIX socket has no local address; leave it out, or measure over a tcp: address.");
        var options = new LinkOptions
        {
            Direction = Reverse.Value(parse) ? LinkDirection.ToClient : Bidir.Value(parse) ? LinkDirection.Both : LinkDirection.ToServer,
            Channels = Sweep.Value(parse) ?? [Channels.Value(parse) ?? DefaultChannels.Count],
            Duration = Time.Value(parse),
            Interval = Interval.Value(parse),
            MemoryBytes = Memory.Value(parse),
            FinalSetBytes = FinalSet.Value(parse),
            LocalAddresses = Bind.Values(parse),
            Congestion = Congestion.Value(parse),
            DeclaredBitsPerSecond = Declared.Value(parse) * 8d,
        };
        OptionFaults.Throw(options.Validate());
        return options;
    }

    private static ValueReader<TimeSpan> Seconds(TimeSpan least) => (string text, out TimeSpan time) =>
        Readers.Time(least, _day)(double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) && text != "0" ? text + "s" : text, out time);

    private static bool Rate(string text, out long? rate)
    {
        var read = Readers.Rate(1, MostRate)(text, out var value);
        rate = value;
        return read;
    }

    private static bool Numbers(string text, out int[] numbers)
    {
        var read = Readers.Int(1, 64);
        var parts = text.Split(',');
        numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!read(parts[i], out numbers[i])) return false;
        return numbers.Distinct().Count() == numbers.Length;
    }
}
